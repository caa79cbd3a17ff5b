"""Rows of raw pages: entries and accounts decoded without PynamoDB.

A verification of a million entries reads them fifteen times as fast this way.
"""

from __future__ import annotations

import msgspec

from chalicelib.kernel.store.pages import Binary, Integer, Integers, Text
from chalicelib.ledger.rules import Account, Effect, Entry
from chalicelib.ledger.tables.accounts import unpack_lots
from chalicelib.ledger.tables.items import ENTRY

_NONE = Integer(0)


class Lots(msgspec.Struct, frozen=True, gc=False):
    """An account's lots, in the short form or in that of earlier releases."""

    B: bytes | None = None
    M: dict[int, Integer] | None = None

    def __post_init__(self) -> None:
        if self.B is None and self.M is None:
            raise ValueError("no lots")

    def value(self) -> dict[int, int]:
        if self.B is not None:
            return unpack_lots(msgspec.msgpack.decode(self.B))
        return {expiry: points.N for expiry, points in (self.M or {}).items()}


class Key(msgspec.Struct):
    """The key of every item."""

    pk: Text
    sk: Text


class EffectRow(Key):
    """An entry's changes, and the program's account of its other side."""

    lots: Integers
    held: Integer = _NONE
    pending: Integer = _NONE
    debt: Integer = _NONE
    contra: Text | None = None

    def effect(self) -> Effect:
        lots = {expiry: points.N for expiry, points in self.lots.M.items()}
        contra = self.contra.S if self.contra else None
        return Effect(lots, self.held.N, self.pending.N, self.debt.N, contra)

    @property
    def account_id(self) -> str:
        return self.pk.S.removeprefix("ACC#")


class EntryRow(EffectRow, kw_only=True):
    """An entry with its hash and its places in the indexes; its note proves nothing."""

    seq: Integer
    type: Text
    points: Integer
    balance_after: Integer
    source: Text
    rule: Text | None = None
    content: Binary | None = None
    occurred_at: Integer
    recorded_at: Integer
    hash: Binary
    prev_hash: Binary
    history: Text | None = None
    day_shard: Text | None = None
    day_order: Text | None = None

    def value(self) -> Entry:
        return Entry(
            self.account_id,
            self.seq.N,
            self.type.S,
            self.points.N,
            self.balance_after.N,
            self.effect(),
            self.sk.S.removeprefix(ENTRY),
            self.source.S,
            self.rule.S if self.rule else None,
            self.content.B if self.content else None,
            self.occurred_at.N,
            self.recorded_at.N,
            self.prev_hash.B,
        )


class AccountRow(Key, kw_only=True):
    """An account without the fields that entries do not change, such as its reminders."""

    posted: Integer
    held: Integer
    pending: Integer
    debt: Integer
    lots: Lots
    seq: Integer
    head_hash: Binary
    last_at: Integer
    status: Text
    accrued: Integer
    redeemed: Integer
    expired: Integer
    transferred: Integer = _NONE
    adjusted: Integer = _NONE

    def value(self) -> Account:
        return Account(
            id=self.pk.S.removeprefix("ACC#"),
            posted=self.posted.N,
            held=self.held.N,
            pending=self.pending.N,
            debt=self.debt.N,
            lots=self.lots.value(),
            seq=self.seq.N,
            head_hash=self.head_hash.B,
            last_at_ms=self.last_at.N,
            status=self.status.S,
            accrued=self.accrued.N,
            redeemed=self.redeemed.N,
            expired=self.expired.N,
            transferred=self.transferred.N,
            adjusted=self.adjusted.N,
        )


class PointsRow(Key):
    """The number of pending points."""

    points: Integer
