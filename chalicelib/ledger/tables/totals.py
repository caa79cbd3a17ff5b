"""The totals of a closed day, a row for each unit."""

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
        return cls.holding(totals, totals_key(totals.unit), totals.day.isoformat())

    def value(self) -> DayTotals:
        day = date.fromisoformat(self.sk)
        return self.into(DayTotals, day=day, unit=self.pk.removeprefix("TOTALS#"))
