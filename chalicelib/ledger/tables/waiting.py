"""What waits for its time: pending points, holds, gifts in escrow."""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, IntegerMapAttribute
from chalicelib.ledger.rules import Entry, Hold, Pending
from chalicelib.ledger.rules.lots import negative
from chalicelib.ledger.rules.transfers import Escrow
from chalicelib.ledger.tables.items import (
    HOLD,
    PENDING,
    RETURNS,
    TIME_OUTS,
    UNLOCKS,
    LedgerItem,
    account_key,
    due_shard,
    escrow_key,
    hold_key,
)


class PendingItem(LedgerItem):
    """What of an accrual waits, due when it unlocks; gone when nothing waits."""

    points = IntegerAttribute()
    expires_at = IntegerAttribute()
    source = UnicodeAttribute()
    rule = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, pending: Pending) -> PendingItem:
        return cls(
            account_key(pending.account_id), PENDING + pending.reference, points=pending.points,
            expires_at=pending.expires_at, source=pending.source, rule=pending.rule,
            due_shard=due_shard(UNLOCKS, pending.account_id), due_at=pending.unlocks_at,
        )  # fmt: skip

    def value(self) -> Pending:
        assert self.due_at is not None, "pending points wait for a time"
        return Pending(
            account_id=self.pk.removeprefix("ACC#"), reference=self.sk.removeprefix(PENDING),
            points=self.points, expires_at=self.expires_at, unlocks_at=self.due_at,
            source=self.source, rule=self.rule,
        )  # fmt: skip


class HoldItem(LedgerItem):
    """Where the entry of a hold stands, never changed; due at its time-out until it was looked at.

    What is held, only the entry says, which is under the hash chain.
    """

    account_id = UnicodeAttribute()
    expires_at = IntegerAttribute()
    honours_lapsed = BooleanAttribute()

    @classmethod
    def of(cls, hold: Hold) -> HoldItem:
        return cls(
            hold_key(hold.id), HOLD, account_id=hold.account_id, expires_at=hold.expires_at,
            honours_lapsed=hold.honours_lapsed, due_shard=due_shard(TIME_OUTS, hold.id),
            due_at=hold.expires_at,
        )  # fmt: skip

    def value(self, entry: Entry) -> Hold:
        return Hold(
            id=self.pk.removeprefix("HLD#"), account_id=self.account_id,
            points=entry.effect.held, lots=negative(entry.lots), expires_at=self.expires_at,
            honours_lapsed=self.honours_lapsed, source=entry.source,
            content=entry.content or b"",
        )  # fmt: skip


class EscrowItem(LedgerItem):
    """A gift that waits for somebody to register; due when it goes back. Gone when it ended.

    `recipient` is where to tell of it, sealed to the transfer.
    """

    account_id = UnicodeAttribute()
    lots = IntegerMapAttribute()
    recipient = BytesAttribute()

    @classmethod
    def of(cls, escrow: Escrow) -> EscrowItem:
        return cls(
            escrow_key(escrow.claimant), escrow.transfer_id, account_id=escrow.account_id,
            lots=dict(escrow.lots), recipient=escrow.recipient,
            due_shard=due_shard(RETURNS, escrow.transfer_id), due_at=escrow.expires_at,
        )  # fmt: skip

    def value(self) -> Escrow:
        assert self.due_at is not None, "an escrow waits until a time"
        return Escrow(
            claimant=self.pk.removeprefix("ESC#"), transfer_id=self.sk,
            account_id=self.account_id, lots=self.lots, expires_at=self.due_at,
            recipient=self.recipient,
        )  # fmt: skip
