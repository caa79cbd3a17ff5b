"""The totals of a day that is over, a row for each unit, each opening as the last has closed."""

from __future__ import annotations

from datetime import date

from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.ledger.rules.totals import DayTotals
from chalicelib.ledger.tables.items import LedgerItem, totals_key


class TotalsItem(LedgerItem):
    """A day of a unit; written once."""

    opening = IntegerAttribute()
    escrow_before = IntegerAttribute()
    accrued = IntegerAttribute()
    redeemed = IntegerAttribute()
    expired = IntegerAttribute()
    transferred = IntegerAttribute()
    adjusted = IntegerAttribute()
    written_off = IntegerAttribute()
    entries = IntegerAttribute()

    @classmethod
    def of(cls, totals: DayTotals) -> TotalsItem:
        return cls(
            totals_key(totals.unit), totals.day.isoformat(), opening=totals.opening,
            escrow_before=totals.escrow_before, accrued=totals.accrued,
            redeemed=totals.redeemed, expired=totals.expired, transferred=totals.transferred,
            adjusted=totals.adjusted, written_off=totals.written_off, entries=totals.entries,
        )  # fmt: skip

    def value(self) -> DayTotals:
        return DayTotals(
            day=date.fromisoformat(self.sk), unit=self.pk.removeprefix("TOTALS#"),
            opening=self.opening, escrow_before=self.escrow_before, accrued=self.accrued,
            redeemed=self.redeemed, expired=self.expired, transferred=self.transferred,
            adjusted=self.adjusted, written_off=self.written_off, entries=self.entries,
        )  # fmt: skip
