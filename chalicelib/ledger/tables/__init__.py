"""The ledger's items: accounts, entries, and what waits for its time."""

from chalicelib.ledger.tables.accounts import AccountItem, StatusItem
from chalicelib.ledger.tables.adjustments import AdjustmentItem
from chalicelib.ledger.tables.entries import EntryItem
from chalicelib.ledger.tables.items import (
    ACCOUNT,
    ADJUSTMENT,
    APPROVALS,
    DAY_SHARDS,
    ENTRY,
    HOLD,
    LAPSES,
    PENDING,
    RETURNS,
    STATUS,
    TIME_OUTS,
    UNLOCKS,
    LedgerItem,
    account_key,
    adjustment_key,
    due_shard,
    due_shards,
    entry_key,
    escrow_key,
    hold_key,
)
from chalicelib.ledger.tables.waiting import EscrowItem, HoldItem, PendingItem

__all__ = [
    "ACCOUNT",
    "ADJUSTMENT",
    "APPROVALS",
    "DAY_SHARDS",
    "ENTRY",
    "HOLD",
    "LAPSES",
    "PENDING",
    "RETURNS",
    "STATUS",
    "TIME_OUTS",
    "UNLOCKS",
    "AccountItem",
    "AdjustmentItem",
    "EntryItem",
    "EscrowItem",
    "HoldItem",
    "LedgerItem",
    "PendingItem",
    "StatusItem",
    "account_key",
    "adjustment_key",
    "due_shard",
    "due_shards",
    "entry_key",
    "escrow_key",
    "hold_key",
]
