"""Totals of a program day: what moved between the program and its members, and what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.ledger.rules.accounts import LIFETIME, WRITTEN_OFF

# What each of the program's accounts is called in totals, and its sign there: as in an account's
# lifetime, but for what was forgiven, which finance sees by itself.
_NAMES = {**LIFETIME, WRITTEN_OFF: ("written_off", 1)}


@dataclass(frozen=True)
class DayTotals:
    """One day of one unit. `opening` is what members had in all when it began.

    `transferred` is net: below 0 where more went into escrow than came out; `in_escrow` is what
    lies there when the day ends.
    """

    day: date
    unit: str
    opening: int = 0
    escrow_before: int = 0
    accrued: int = 0
    redeemed: int = 0
    expired: int = 0
    transferred: int = 0
    adjusted: int = 0
    written_off: int = 0
    entries: int = 0

    @property
    def outstanding(self) -> int:
        """What members have in all when the day ends: posted, held and pending, less debts."""
        came = self.accrued - self.redeemed - self.expired
        return self.opening + came + self.transferred + self.adjusted + self.written_off

    @property
    def in_escrow(self) -> int:
        return self.escrow_before - self.transferred


def next_day(last: DayTotals, day: date) -> DayTotals:
    """A day without entries that opens as the last one has closed."""
    return DayTotals(day, last.unit, last.outstanding, last.in_escrow)


def with_sums(totals: DayTotals, sums: Mapping[str, int], entries: int) -> DayTotals:
    """The totals with so many entries more, which brought `sums` from each program account."""
    changed = {name: getattr(totals, name) for name, _ in _NAMES.values()}
    for contra, points in sums.items():
        name, sign = _NAMES[contra]
        changed[name] += sign * points
    return replace(totals, entries=totals.entries + entries, **changed)
