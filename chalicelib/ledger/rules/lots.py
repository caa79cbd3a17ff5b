"""Lots: points by the second at which they lapse. Members spend the soonest first."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

# {expiry in epoch seconds: points}; as a change, points may be negative.
Lots = Mapping[int, int]

MAX_LOTS = 36
# The expiry of points that never lapse: the year 3000, which every library can write.
NEVER = 32_503_680_000


def is_live(expiry_s: int, at_ms: int) -> bool:
    return expiry_s * 1000 > at_ms


def live(lots: Lots, at_ms: int) -> dict[int, int]:
    """The lots that have not lapsed at this instant."""
    return {expiry: points for expiry, points in lots.items() if is_live(expiry, at_ms)}


def expired(lots: Lots, at_ms: int) -> dict[int, int]:
    return {expiry: points for expiry, points in lots.items() if not is_live(expiry, at_ms)}


def prolonged(lots: Lots, at_ms: int, until_s: int) -> dict[int, int]:
    """The lots, with those that have lapsed as one that lapses at `until_s`."""
    gone = sum(expired(lots, at_ms).values())
    return moved(live(lots, at_ms), {until_s: gone})


def moved(lots: Lots, change: Lots) -> dict[int, int]:
    """The lots after a change, without empty ones."""
    after = dict(lots)
    for expiry, points in change.items():
        after[expiry] = after.get(expiry, 0) + points
    return {expiry: points for expiry, points in after.items() if points}


def negative(lots: Lots) -> dict[int, int]:
    return {expiry: -points for expiry, points in lots.items()}


def soonest(lots: Lots, points: int) -> dict[int, int]:
    """Take `points` from these lots, soonest to lapse first. The lots must have as many."""
    taken: dict[int, int] = {}
    for expiry in sorted(lots):
        part = min(points, lots[expiry])
        if part:
            taken[expiry] = part
            points -= part
    assert points == 0, "nobody takes more than there is"
    return taken


def latest(lots: Lots, points: int, skipped: int) -> dict[int, int]:
    """Take `points` from these lots, latest to lapse first, after `skipped` points."""
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
    """Pay a debt from a credit's live points; the rest of the credit, and the payment."""
    usable = live(credit, at_ms)
    paid = min(debt, sum(usable.values()))
    return moved(credit, negative(soonest(usable, paid))), paid


def fitted(lots: Lots, change: Lots, at_ms: int) -> dict[int, int]:
    """The change, adapted to leave at most MAX_LOTS live lots.

    Above that, the two lots that lapse closest together join at the later expiry: no point ever
    lapses sooner than promised.
    """
    after = moved(lots, change)
    while len(open_lots := sorted(live(after, at_ms))) > MAX_LOTS:
        first, second = min(pairwise(open_lots), key=lambda pair: pair[1] - pair[0])
        after[second] += after.pop(first)
    return moved(after, negative(lots))
