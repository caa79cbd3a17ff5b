"""Payable prices of goods: the numbers of points whose cash can be charged.

Cash falls as points rise, so there is one range of points with cash, and one without.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from chalicelib.campaigns import Planned
from chalicelib.orders.rules.pricing import Terms, cash_of, least_of, most_of


class Charge(NamedTuple):
    """The least and the most cash of one charge, in minor units; 0 is always possible."""

    minimum: int
    maximum: int | None


class Pair(NamedTuple):
    """Points, and the cash beside them in minor units."""

    points: int
    cash: int


class Choices(msgspec.Struct, frozen=True):
    """Points that pay for goods: a number in `with_cash`, or in `without` for points alone."""

    lines: Sequence[Terms]
    with_cash: range
    without: range
    off: Sequence[Planned] = ()

    def __contains__(self, points: object) -> bool:
        return points in self.with_cash or points in self.without

    @property
    def runs(self) -> list[range]:
        """The ranges with nothing payable between them, the fewest points first."""
        if self.with_cash and self.with_cash.stop == self.without.start:
            return [range(self.with_cash.start, self.without.stop)]
        return [run for run in (self.with_cash, self.without) if run]

    @property
    def fewest(self) -> int | None:
        return self.runs[0][0] if self.runs else None

    def at_most(self, points: int) -> int | None:
        """The most payable points up to this number."""
        below = [min(points, run[-1]) for run in self.runs if run[0] <= points]
        return max(below, default=None)

    def at_least(self, points: int) -> int | None:
        """The fewest payable points from this number on."""
        above = [max(points, run[0]) for run in self.runs if run[-1] >= points]
        return min(above, default=None)

    def pair(self, points: int) -> Pair:
        return Pair(points, cash_of(self.lines, points, self.off))

    def near(self, points: int, available: int) -> tuple[Pair, ...]:
        """The nearest payable prices below and above these points, within those available."""
        found = {self.at_most(min(points, available)), self.at_least(points)}
        return tuple(
            self.pair(each) for each in sorted(x for x in found if x is not None and x <= available)
        )


def choices_of(lines: Sequence[Terms], charge: Charge, off: Sequence[Planned] = ()) -> Choices:
    """The payable prices of these lines."""
    every = range(least_of(lines), most_of(lines) + 1)

    def first(at_most: int) -> int:
        """The fewest points that leave at most this cash."""

        def leaves(points: int) -> bool:
            return cash_of(lines, points, off) <= at_most

        return every.start + bisect_left(every, True, key=leaves)

    chargeable = every.start if charge.maximum is None else first(charge.maximum)
    too_little = first(max(charge.minimum, 1) - 1)
    free = range(first(0), every.stop)
    return Choices(lines, range(chargeable, too_little), free, off)


def default_points(choices: Choices, available: int) -> int:
    """The most payable points within those available, else the fewest. If no price can be charged:
    those available, between the least and the most.

    Where an amount is off the cash due, points beyond those that leave no cash pay for nothing.
    """
    if not choices.runs:
        least, most = least_of(choices.lines), most_of(choices.lines)
        return max(least, min(available, most))
    enough = choices.without[0] if choices.off and choices.without else available
    within = choices.at_most(min(available, enough))
    return choices.runs[0][0] if within is None else within
