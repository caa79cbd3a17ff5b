"""What a closing run pays: the rewards of a month or a quarter, summed by kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.campaigns.rules.rewards import REFUSED, Promise


class Sums(NamedTuple):
    """Rewards that are worth something, and their worth; those of which something is paid, and how
    much; those that were refused."""

    earned: int = 0
    worth: int = 0
    paid: int = 0
    amount: int = 0
    refused: int = 0

    def plus(self, other: Sums) -> Sums:
        return Sums(*(one + more for one, more in zip(self, other, strict=True)))


class Closing(NamedTuple):
    """The rewards of one kind in a period that ends before `until_ms`."""

    period: str
    kind: str
    until_ms: int
    sums: Sums


def counted(promise: Promise | None) -> Sums:
    """What a reward counts in the sums of its period."""
    if promise is None:
        return Sums()
    return Sums(
        int(promise.amount > 0),
        promise.amount,
        int(promise.paid > 0),
        promise.paid,
        int(promise.state == REFUSED),
    )


def change(seen: Promise | None, after: Promise) -> Sums:
    """What a change of a reward adds to the sums of its period."""
    before, now = counted(seen), counted(after)
    return Sums(*(one - less for one, less in zip(now, before, strict=True)))


def joined(parts: Iterable[Closing]) -> list[Closing]:
    """One for each period and kind, the last period first."""
    found: dict[tuple[str, str], Closing] = {}
    for each in parts:
        key = each.period, each.kind
        seen = found.get(key, Closing(*key, 0, Sums()))
        until_ms = max(seen.until_ms, each.until_ms)
        found[key] = Closing(*key, until_ms, seen.sums.plus(each.sums))
    return sorted(found.values(), key=lambda each: (-each.until_ms, each.period, each.kind))
