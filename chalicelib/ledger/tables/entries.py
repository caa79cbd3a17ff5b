"""An entry's item: keyed by its business reference, ordered by its recording."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel import clock
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, IntegerMapAttribute
from chalicelib.ledger.rules import Effect, Entry
from chalicelib.ledger.tables.items import (
    ENTRY,
    LedgerItem,
    account_key,
    day_shard,
    entry_key,
)

_QUARTER_HOUR_MS = 900_000


class EntryItem(LedgerItem):
    """One entry; its sort key is its reference, so a reference has one entry."""

    seq = IntegerAttribute()
    type = UnicodeAttribute()
    points = IntegerAttribute()
    balance_after = IntegerAttribute()
    lots = IntegerMapAttribute()
    held = IntegerAttribute(null=True)
    pending = IntegerAttribute(null=True)
    debt = IntegerAttribute(null=True)
    contra = UnicodeAttribute(null=True)
    source = UnicodeAttribute()
    rule = UnicodeAttribute(null=True)
    content = BytesAttribute(null=True)
    note = BytesAttribute(null=True)
    occurred_at = IntegerAttribute()
    recorded_at = IntegerAttribute()
    hash = BytesAttribute()
    prev_hash = BytesAttribute()

    @classmethod
    def of(cls, entry: Entry) -> EntryItem:
        effect = entry.effect
        return cls.holding(
            entry,
            account_key(entry.account_id),
            entry_key(entry.reference),
            **places_of(entry)._asdict(),
            lots=dict(effect.lots),
            held=effect.held or None,
            pending=effect.pending or None,
            debt=effect.debt or None,
            contra=effect.contra,
            hash=entry.hash,
        )

    def value(self) -> Entry:
        effect = Effect(self.lots, self.held or 0, self.pending or 0, self.debt or 0, self.contra)
        return self.into(
            Entry,
            account_id=self.pk.removeprefix("ACC#"),
            reference=self.sk.removeprefix(ENTRY),
            effect=effect,
        )


class Places(NamedTuple):
    """An entry's keys in the indexes; the index by day has only entries with a program account."""

    history: str
    day_shard: str | None = None
    day_order: str | None = None


def places_of(entry: Entry) -> Places:
    order = f"{entry.recorded_at_ms:015d}#{entry.seq:010d}"
    if entry.effect.contra is None:
        return Places(order)
    day = _day_of(entry.recorded_at_ms // _QUARTER_HOUR_MS)
    shard = day_shard(day, entry.account_id)
    return Places(order, shard, f"{order}#{entry.account_id}")


@lru_cache(maxsize=4096)
def _day_of(quarter_hour: int) -> str:
    """The program's day; in no time zone does a day end within a quarter of an hour."""
    return str(clock.program_day(clock.from_ms(quarter_hour * _QUARTER_HOUR_MS)))
