"""An account's item, and the history of its status."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, IntegerMapAttribute
from chalicelib.kernel.store.packed import PackedAttribute
from chalicelib.ledger.rules import NEVER, Account
from chalicelib.ledger.rules.reminders import next_reminder_at
from chalicelib.ledger.tables.items import (
    ACCOUNT,
    EXPIRIES,
    STATUS,
    LedgerItem,
    account_key,
    due_shard,
)


def pack_lots(lots: Mapping[int, int]) -> list[int]:
    """Pack lots as pairs: the seconds since the expiry before, and the points."""
    row, before = [], 0
    for expiry, points in sorted(lots.items()):
        row += [expiry - before, points]
        before = expiry
    return row


def unpack_lots(row: object) -> dict[int, int]:
    """Raises ValidationError, ValueError."""
    numbers = msgspec.convert(row, list[int])
    lots, expiry = {}, 0
    for after, points in zip(numbers[::2], numbers[1::2], strict=True):
        expiry += after
        lots[expiry] = points
    return lots


class AccountItem(LedgerItem):
    """One account, under 1 KB with 36 lots; the index of due items has its soonest lot."""

    posted = IntegerAttribute()
    held = IntegerAttribute()
    pending = IntegerAttribute()
    debt = IntegerAttribute()
    lots = PackedAttribute[dict[int, int]](pack_lots, unpack_lots, IntegerMapAttribute())
    seq = IntegerAttribute()
    head_hash = BytesAttribute()
    last_at = IntegerAttribute()
    status = UnicodeAttribute()
    accrued = IntegerAttribute()
    redeemed = IntegerAttribute()
    expired = IntegerAttribute()
    transferred = IntegerAttribute(null=True)
    adjusted = IntegerAttribute(null=True)
    sent_on = IntegerAttribute(null=True)
    sent = IntegerAttribute(null=True)
    sends = IntegerAttribute(null=True)
    reminded = IntegerAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)
    passed = IntegerAttribute(null=True)
    joined = IntegerAttribute(null=True)

    @classmethod
    def of(cls, account: Account) -> AccountItem:
        soonest = min((expiry for expiry in account.lots if expiry != NEVER), default=None)
        return cls.holding(
            account,
            account_key(account.id),
            ACCOUNT,
            lots=dict(account.lots),
            due_shard=due_shard(EXPIRIES, account.id) if soonest else None,
            due_at=soonest,
            remind_at=next_reminder_at(account, config().ledger.reminder_days),
        )

    def value(self) -> Account:
        return self.into(Account, id=self.pk.removeprefix("ACC#"))


class StatusItem(LedgerItem):
    """An account's status from a time on, and by what; the audit has the actor and the reason."""

    status = UnicodeAttribute()
    by = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, account_id: str, status: str, at_ms: int, by: str) -> StatusItem:
        return cls(account_key(account_id), f"{STATUS}{at_ms:015d}", status=status, by=by)
