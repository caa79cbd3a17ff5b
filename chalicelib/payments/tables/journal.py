"""A cash entry's item: keyed by its reference, found by the program day of its recording."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel import clock
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute
from chalicelib.payments.rules.journal import CashEntry, CashPosting
from chalicelib.payments.tables.items import PaymentsItem, day_shard

ENTRY = "ENTRY"


class CashEntryItem(PaymentsItem):
    """One movement of money; written once."""

    type = UnicodeAttribute()
    currency = UnicodeAttribute()
    postings = StructAttribute[tuple[CashPosting, ...]](tuple[CashPosting, ...])
    source = UnicodeAttribute()
    transaction = UnicodeAttribute(null=True)
    occurred_at = IntegerAttribute()
    recorded_at = IntegerAttribute()

    @classmethod
    def of(cls, entry: CashEntry) -> CashEntryItem:
        day = clock.program_day(clock.from_ms(entry.recorded_at_ms))
        return cls.holding(
            entry,
            cash_key(entry.reference),
            ENTRY,
            day_shard=day_shard(day, entry.reference),
            day_order=f"{entry.recorded_at_ms:015d}#{entry.reference}",
        )

    def value(self) -> CashEntry:
        return self.into(CashEntry, reference=self.pk.removeprefix("CASH#"))


def cash_key(reference: str) -> str:
    return f"CASH#{reference}"
