"""Lots: points by the second at which they lapse. Soonest to lapse is spent first."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

# {expiry in epoch seconds: points}; as a change, points may be negative.
Lots = Mapping[int, int]

MAX_LOTS = 36
# The expiry of points that never lapse: the year 3000, a time that every library can write.
NEVER = 32_503_680_000


def is_live(expiry_s: int, at_ms: int) -> bool:
    return expiry_s * 1000 > at_ms


def live(lots: Lots, at_ms: int) -> dict[int, int]:
    """Those that have not lapsed at this instant."""
    return {expiry: points for expiry, points in lots.items() if is_live(expiry, at_ms)}


def lapsed(lots: Lots, at_ms: int) -> dict[int, int]:
    return {expiry: points for expiry, points in lots.items() if not is_live(expiry, at_ms)}


def moved(lots: Lots, change: Lots) -> dict[int, int]:
    """The lots after a change; empty ones are gone."""
    after = dict(lots)
    for expiry, points in change.items():
        after[expiry] = after.get(expiry, 0) + points
    return {expiry: points for expiry, points in after.items() if points}


def negative(lots: Lots) -> dict[int, int]:
    return {expiry: -points for expiry, points in lots.items()}


def soonest(lots: Lots, points: int) -> dict[int, int]:
    """So many points out of these lots, soonest to lapse first; there are as many."""
    taken: dict[int, int] = {}
    for expiry in sorted(lots):
        part = min(points, lots[expiry])
        if part:
            taken[expiry] = part
            points -= part
    assert points == 0, "nobody takes more than there is"
    return taken


def latest(lots: Lots, points: int, skipped: int) -> dict[int, int]:
    """So many points out of these lots, latest to lapse first, after as many as were `skipped`."""
    taken: dict[int, int] = {}
    for expiry in sorted(lots, reverse=True):
        passed = min(skipped, lots[expiry])
        part = min(points, lots[expiry] - passed)
        if part:
            taken[expiry] = part
        skipped, points = skipped - passed, points - part
    assert points == 0, "nobody takes more than there is"
    return taken


def after_debt(credit: Lots, debt: int, at_ms: int) -> tuple[dict[int, int], int]:
    """What is left of a credit when a debt is paid out of what of it is live, and the payment."""
    usable = live(credit, at_ms)
    paid = min(debt, sum(usable.values()))
    return moved(credit, negative(soonest(usable, paid))), paid


def fitted(lots: Lots, change: Lots, at_ms: int) -> dict[int, int]:
    """The change, made such that at most MAX_LOTS live lots stay.

    Where there would be more, the two that lapse closest together become one that lapses with
    the later: no point ever lapses sooner than it was promised.
    """
    after = moved(lots, change)
    while len(open_lots := sorted(live(after, at_ms))) > MAX_LOTS:
        first, second = min(pairwise(open_lots), key=lambda pair: pair[1] - pair[0])
        after[second] += after.pop(first)
    return moved(after, negative(lots))
