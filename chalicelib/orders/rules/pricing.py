"""Prices in points and cash: integers; each line is rounded up once.

All amounts are minor units of the stage's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Terms(NamedTuple):
    """The terms of a line of `quantity` units, all of them together: it costs `points`, at least
    `least` of them in points, and `cash` besides; `equivalent` cash replaces all points (None: no
    cash does). A gift costs nothing."""

    quantity: int
    points: int
    least: int
    cash: int = 0
    equivalent: int | None = None

    @classmethod
    def of_units(
        cls, quantity: int, points: int, least: int, cash: int = 0, equivalent: int | None = None
    ) -> Terms:
        """The terms of a line whose units cost this each."""
        whole = None if equivalent is None else equivalent * quantity
        return cls(quantity, points * quantity, least * quantity, cash * quantity, whole)

    def cash_beside(self, paid: int) -> int:
        """The cash of a line beside these points."""
        if not self.points:
            return self.cash  # freight in cash alone
        replaced = (self.equivalent or 0) * (self.points - paid)
        return self.cash - (-replaced // self.points)


class Reduction(NamedTuple):
    """An amount off the cash that is due for some lines, by their place; never more than is due."""

    amount: int
    lines: Sequence[int]


def points_by_line(lines: Sequence[Terms], points: int) -> list[int]:
    """Points by line: each gets its least; the rest fills the lines in the order given.

    `points` lie between the sums of the least and of the most.
    """
    left = points - least_of(lines)
    shares = []
    for line in lines:
        more = min(left, line.points - line.least)
        shares.append(line.least + more)
        left -= more
    assert left == 0, "nobody offers more than the goods cost"
    return shares


def least_of(lines: Sequence[Terms]) -> int:
    return sum(line.least for line in lines)


def most_of(lines: Sequence[Terms]) -> int:
    return sum(line.points for line in lines)


def cash_by_line(lines: Sequence[Terms], points: int) -> list[int]:
    """The cash of each line beside these points, before reductions."""
    return list(map(Terms.cash_beside, lines, points_by_line(lines, points)))


def reduced(due: Sequence[int], reductions: Sequence[Reduction]) -> list[list[int]]:
    """What each reduction takes from the cash due for each line, one after the other.

    A share is proportional to what is still due for the line, by largest remainder.
    """
    left, taken = list(due), []
    for each in reductions:
        scope = [left[at] for at in each.lines]
        shares = [0] * len(left)
        parts = allocated(min(each.amount, sum(scope)), scope)
        for at, share in zip(each.lines, parts, strict=True):
            shares[at] = share
            left[at] -= share
        taken.append(shares)
    return taken


def cash_of(lines: Sequence[Terms], points: int, reductions: Sequence[Reduction] = ()) -> int:
    """The cash of the lines beside these points."""
    due = cash_by_line(lines, points)
    return sum(due) - sum(map(sum, reduced(due, reductions)))


def allocated(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in parts that are proportional to the weights, by largest remainder; of equal
    remainders the first. The parts sum to it exactly; no part is above its weight if the amount is
    not above their sum."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda at: -(amount * weights[at] % whole))
    for at in by_rest[: amount - sum(parts)]:
        parts[at] += 1
    return parts


def part(amount: int, quantity: int, before: int, more: int) -> int:
    """The share of `more` units of a line of `quantity`, after the share of `before` units.

    Shares of all units sum to the amount exactly.
    """
    return amount * (before + more) // quantity - amount * before // quantity
