"""Prices in points and cash: integers; each line is rounded up once.

The engine of campaigns has lowered the terms of lines already. All amounts are minor units of the
stage's currency.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.campaigns import LineTerms, Planned, total_due

Terms = LineTerms


def of_units(
    quantity: int, points: int, least: int, cash: int = 0, equivalent: int | None = None
) -> Terms:
    """The terms of a line whose units cost this each."""
    whole = None if equivalent is None else equivalent * quantity
    return Terms(quantity, points * quantity, least * quantity, cash * quantity, whole)


def least_of(lines: Sequence[Terms]) -> int:
    return sum(line.least for line in lines)


def most_of(lines: Sequence[Terms]) -> int:
    return sum(line.points for line in lines)


def cash_of(lines: Sequence[Terms], points: int, off: Sequence[Planned] = ()) -> int:
    """The cash of the lines beside these points, less the amounts `off`; it falls as points rise.

    Each line gets its least points; the rest fills the lines in the order given.
    """
    return total_due(lines, off, points)
