"""Totals of a program day: movements between the program and its members, and the liability."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from chalicelib.ledger.rules.accounts import LIFETIME, WRITTEN_OFF

# The total of each program account, with its sign: as in an account's lifetime, but finance sees
# write-offs by themselves.
_NAMES = {**LIFETIME, WRITTEN_OFF: ("written_off", 1)}


class DayTotals(msgspec.Struct, frozen=True):
    """One day of one unit. `opening` is all that members had when it began.

    `transferred` is net: below 0 if more went into escrow than came out. `in_escrow` is the sum
    in escrow when the day ends.
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
        """The points of all members when the day ends: posted, held and pending, less debts."""
        came = self.accrued - self.redeemed - self.expired
        return self.opening + came + self.transferred + self.adjusted + self.written_off

    @property
    def in_escrow(self) -> int:
        return self.escrow_before - self.transferred


def next_day(last: DayTotals, day: date) -> DayTotals:
    """A day without entries that opens with the last day's close."""
    return DayTotals(day, last.unit, last.outstanding, last.in_escrow)


def with_sums(totals: DayTotals, sums: Mapping[str, int], entries: int) -> DayTotals:
    """The totals after more entries, which moved `sums` from each program account."""
    changed = {name: getattr(totals, name) for name, _ in _NAMES.values()}
    for contra, points in sums.items():
        name, sign = _NAMES[contra]
        changed[name] += sign * points
    return replace(totals, entries=totals.entries + entries, **changed)
