"""What goods cost in points and cash: integers, a line rounded up once.

All amounts are minor units of the stage's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Terms(NamedTuple):
    """What a line costs: of one unit, `points` with `least_points` of them in points at least,
    `cash` besides, and `equivalent` which replaces all points (None: nothing does)."""

    quantity: int
    points: int
    least_points: int
    cash: int = 0
    equivalent: int | None = None

    @property
    def most(self) -> int:
        return self.points * self.quantity

    @property
    def least(self) -> int:
        return self.least_points * self.quantity

    def cash_beside(self, paid: int) -> int:
        """The cash that a line takes besides so many points."""
        replaced = (self.equivalent or 0) * (self.most - paid)
        return self.cash * self.quantity - (-replaced // self.points)


def filled(lines: Sequence[Terms], points: int) -> list[int]:
    """Points by line: each gets its least, then all of what is left in the order given.

    `points` lie between the sums of the least and of the most.
    """
    left = points - least_of(lines)
    shares = []
    for line in lines:
        more = min(left, line.most - line.least)
        shares.append(line.least + more)
        left -= more
    assert left == 0, "nobody offers more than the goods cost"
    return shares


def least_of(lines: Sequence[Terms]) -> int:
    return sum(line.least for line in lines)


def most_of(lines: Sequence[Terms]) -> int:
    return sum(line.most for line in lines)


def cash_of(lines: Sequence[Terms], points: int) -> int:
    """The cash that the lines take besides so many points."""
    shares = filled(lines, points)
    return sum(line.cash_beside(paid) for line, paid in zip(lines, shares, strict=True))


def part(amount: int, quantity: int, before: int, more: int) -> int:
    """The share of `more` units of a line of `quantity`, after `before` of them had theirs.

    Shares of all units sum to the amount exactly.
    """
    return amount * (before + more) // quantity - amount * before // quantity
