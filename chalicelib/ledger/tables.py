"""The ledger's items: an account, and its entries keyed by their business reference."""

from __future__ import annotations

import zlib
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, LocalSecondaryIndex

from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.tables import BytesAttribute, IntegerAttribute, IntegerMapAttribute, Item
from chalicelib.ledger.rules import Account, Entry, Posting

DAY_SHARDS = 8
ACCOUNT = "ACCOUNT"


class History(LocalSecondaryIndex[Any]):
    """An account's entries by the time and order of their recording."""

    class Meta:
        index_name = "history"
        projection = AllProjection()

    pk = UnicodeAttribute(hash_key=True)
    history = UnicodeAttribute(range_key=True)


class ByDay(GlobalSecondaryIndex[Any]):
    """All entries of a program day, spread over DAY_SHARDS partitions: what finance reads."""

    class Meta:
        index_name = "by_day"
        projection = AllProjection()

    day_shard = UnicodeAttribute(hash_key=True)
    day_order = UnicodeAttribute(range_key=True)


class LedgerItem(Item):
    """What all items of the table share: its keys and indexes."""

    class Meta:
        table_name = config().table("ledger")

    history_index = History()
    by_day = ByDay()
    history = UnicodeAttribute(null=True)
    day_shard = UnicodeAttribute(null=True)
    day_order = UnicodeAttribute(null=True)


class AccountItem(LedgerItem):
    """One account, under 1 KB with 36 lots."""

    class Meta:
        table_name = config().table("ledger")

    posted = IntegerAttribute()
    held = IntegerAttribute()
    pending = IntegerAttribute()
    debt = IntegerAttribute()
    lots = IntegerMapAttribute()
    seq = IntegerAttribute()
    head_hash = BytesAttribute()
    last_at = IntegerAttribute()
    status = UnicodeAttribute()
    accrued = IntegerAttribute()
    redeemed = IntegerAttribute()
    expired = IntegerAttribute()

    @classmethod
    def of(cls, account: Account) -> AccountItem:
        return cls(
            account_key(account.id), ACCOUNT,
            posted=account.posted, held=account.held, pending=account.pending, debt=account.debt,
            lots=dict(account.lots), seq=account.seq, head_hash=account.head_hash,
            last_at=account.last_at_ms, status=account.status, accrued=account.accrued,
            redeemed=account.redeemed, expired=account.expired,
        )  # fmt: skip

    def value(self) -> Account:
        return Account(
            id=self.pk.removeprefix("ACC#"), posted=self.posted, held=self.held,
            pending=self.pending, debt=self.debt, lots=self.lots, seq=self.seq,
            head_hash=self.head_hash, last_at_ms=self.last_at, status=self.status,
            accrued=self.accrued, redeemed=self.redeemed, expired=self.expired,
        )  # fmt: skip


class EntryItem(LedgerItem):
    """One entry; its sort key is its reference, so a second one with it cannot be put."""

    class Meta:
        table_name = config().table("ledger")

    seq = IntegerAttribute()
    type = UnicodeAttribute()
    points = IntegerAttribute()
    balance_after = IntegerAttribute()
    lots = IntegerMapAttribute()
    contra = UnicodeAttribute()
    source = UnicodeAttribute()
    rule = UnicodeAttribute(null=True)
    occurred_at = IntegerAttribute()
    recorded_at = IntegerAttribute()
    hash = BytesAttribute()
    prev_hash = BytesAttribute()

    @classmethod
    def of(cls, entry: Entry) -> EntryItem:
        order = f"{entry.recorded_at_ms:015d}#{entry.seq:010d}"
        day = clock.program_day(clock.from_ms(entry.recorded_at_ms))
        shard = zlib.crc32(entry.account_id.encode()) % DAY_SHARDS
        return cls(
            account_key(entry.account_id), entry_key(entry.reference),
            history=order, day_shard=f"{day}#{shard}", day_order=f"{order}#{entry.account_id}",
            seq=entry.seq, type=entry.type, points=entry.points,
            balance_after=entry.balance_after, lots=dict(entry.lots),
            contra=entry.postings[0].account, source=entry.source, rule=entry.rule,
            occurred_at=entry.occurred_at_ms, recorded_at=entry.recorded_at_ms,
            hash=entry.hash, prev_hash=entry.prev_hash,
        )  # fmt: skip

    def value(self) -> Entry:
        account_id, total = self.pk.removeprefix("ACC#"), sum(self.lots.values())
        return Entry(
            account_id=account_id, seq=self.seq, type=self.type, points=self.points,
            balance_after=self.balance_after, lots=self.lots,
            postings=(Posting(self.contra, -total), Posting(f"member:{account_id}", total)),
            reference=self.sk.removeprefix("ENT#"), source=self.source, rule=self.rule,
            occurred_at_ms=self.occurred_at, recorded_at_ms=self.recorded_at,
            prev_hash=self.prev_hash,
        )  # fmt: skip


def account_key(account_id: str) -> str:
    return f"ACC#{account_id}"


def entry_key(reference: str) -> str:
    return f"ENT#{reference}"
