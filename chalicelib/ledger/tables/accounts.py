"""An account's item, and the record of when it was frozen or active."""

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
    LAPSES,
    STATUS,
    LedgerItem,
    account_key,
    due_shard,
)


def pack_lots(lots: Mapping[int, int]) -> list[int]:
    """Each lot's expiry, in seconds since that of the lot before it, and its points."""
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
    """One account, under 1 KB with 36 lots; in the indexes under its soonest lot."""

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

    @classmethod
    def of(cls, account: Account) -> AccountItem:
        soonest = min((expiry for expiry in account.lots if expiry != NEVER), default=None)
        return cls(
            account_key(account.id), ACCOUNT,
            posted=account.posted, held=account.held, pending=account.pending, debt=account.debt,
            lots=dict(account.lots), seq=account.seq, head_hash=account.head_hash,
            last_at=account.last_at_ms, status=account.status, accrued=account.accrued,
            redeemed=account.redeemed, expired=account.expired,
            transferred=account.transferred or None, adjusted=account.adjusted or None,
            sent_on=account.sent_on or None, sent=account.sent or None,
            sends=account.sends or None, reminded=account.reminded_s or None,
            due_shard=due_shard(LAPSES, account.id) if soonest else None, due_at=soonest,
            remind_at=next_reminder_at(account, config().ledger.reminder_days),
        )  # fmt: skip

    def value(self) -> Account:
        return Account(
            id=self.pk.removeprefix("ACC#"), posted=self.posted, held=self.held,
            pending=self.pending, debt=self.debt, lots=self.lots, seq=self.seq,
            head_hash=self.head_hash, last_at_ms=self.last_at, status=self.status,
            accrued=self.accrued, redeemed=self.redeemed, expired=self.expired,
            transferred=self.transferred or 0, adjusted=self.adjusted or 0,
            sent_on=self.sent_on or 0, sent=self.sent or 0, sends=self.sends or 0,
            reminded_s=self.reminded or 0,
        )  # fmt: skip


class StatusItem(LedgerItem):
    """From when an account was frozen or active again; the audit tells by whom and why."""

    status = UnicodeAttribute()

    @classmethod
    def of(cls, account_id: str, status: str, at_ms: int) -> StatusItem:
        return cls(account_key(account_id), f"{STATUS}{at_ms:015d}", status=status)
