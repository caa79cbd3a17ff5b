"""Items that wait for their time: pending points, holds, gifts in escrow."""

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
    """Pending points of an accrual, due when they unlock; deleted when none wait."""

    points = IntegerAttribute()
    expires_at = IntegerAttribute()
    source = UnicodeAttribute()
    rule = UnicodeAttribute(null=True)
    is_held_back = BooleanAttribute(null=True)

    @classmethod
    def of(cls, pending: Pending) -> PendingItem:
        return cls.holding(
            pending,
            account_key(pending.account_id),
            PENDING + pending.reference,
            due_shard=due_shard(UNLOCKS, pending.account_id),
            due_at=pending.unlocks_at,
        )

    def value(self) -> Pending:
        assert self.due_at is not None, "pending points wait for a time"
        return self.into(
            Pending,
            account_id=self.pk.removeprefix("ACC#"),
            reference=self.sk.removeprefix(PENDING),
            unlocks_at=self.due_at,
        )


class HoldItem(LedgerItem):
    """The account of a hold's entry; due at its time-out until a sweep has seen it.

    Only the entry has the held points, because the hash chain covers it.
    """

    account_id = UnicodeAttribute()
    expires_at = IntegerAttribute()
    honours_lapsed = BooleanAttribute()

    @classmethod
    def of(cls, hold: Hold) -> HoldItem:
        shard = due_shard(TIME_OUTS, hold.id)
        return cls.holding(hold, hold_key(hold.id), HOLD, due_shard=shard, due_at=hold.expires_at)

    def value(self, entry: Entry) -> Hold:
        return self.into(
            Hold,
            id=self.pk.removeprefix("HLD#"),
            points=entry.effect.held,
            lots=negative(entry.lots),
            source=entry.source,
            content=entry.content or b"",
        )


class EscrowItem(LedgerItem):
    """A gift for an unregistered receiver, due when it goes back; deleted when it ends.

    `recipient` is the phone or e-mail to notify, sealed to the transfer.
    """

    account_id = UnicodeAttribute()
    lots = IntegerMapAttribute()
    recipient = BytesAttribute()

    @classmethod
    def of(cls, escrow: Escrow) -> EscrowItem:
        shard = due_shard(RETURNS, escrow.transfer_id)
        return cls.holding(
            escrow,
            escrow_key(escrow.claimant),
            escrow.transfer_id,
            due_shard=shard,
            due_at=escrow.expires_at,
        )

    def value(self) -> Escrow:
        assert self.due_at is not None, "an escrow waits until a time"
        claimant = self.pk.removeprefix("ESC#")
        return self.into(Escrow, claimant=claimant, transfer_id=self.sk, expires_at=self.due_at)
