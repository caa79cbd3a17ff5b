"""Prices in points and cash: integers; each line is rounded up once.

All amounts are minor units of the stage's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Terms(NamedTuple):
    """The terms of a line. One unit costs `points`, at least `least_points` of them in points, and
    `cash` besides; `equivalent` cash replaces all points (None: no cash does)."""

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
        """The cash of a line beside these points."""
        if not self.points:
            return self.cash * self.quantity  # freight in cash alone
        replaced = (self.equivalent or 0) * (self.most - paid)
        return self.cash * self.quantity - (-replaced // self.points)


def points_by_line(lines: Sequence[Terms], points: int) -> list[int]:
    """Points by line: each gets its least; the rest fills the lines in the order given.

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
    """The cash of the lines beside these points."""
    return sum(map(Terms.cash_beside, lines, points_by_line(lines, points)))


def part(amount: int, quantity: int, before: int, more: int) -> int:
    """The share of `more` units of a line of `quantity`, after the share of `before` units.

    Shares of all units sum to the amount exactly.
    """
    return amount * (before + more) // quantity - amount * before // quantity
