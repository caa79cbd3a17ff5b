"""The ledger's items: accounts, entries, adjustments, jobs, totals, and items that wait."""

from chalicelib.ledger.tables.accounts import AccountItem, StatusItem
from chalicelib.ledger.tables.adjustments import AdjustmentItem
from chalicelib.ledger.tables.entries import EntryItem
from chalicelib.ledger.tables.items import (
    ACCOUNT,
    ADJUSTMENT,
    APPROVALS,
    ENTRY,
    EXPIRIES,
    HOLD,
    JOB,
    JOBS,
    PART,
    PENDING,
    RETURNS,
    STATUS,
    TIME_OUTS,
    UNLOCKS,
    LedgerItem,
    account_key,
    adjustment_key,
    day_shards,
    due_shards,
    entry_key,
    escrow_key,
    hold_key,
    job_key,
    totals_key,
)
from chalicelib.ledger.tables.jobs import JobItem, LastJobItem, PartItem
from chalicelib.ledger.tables.totals import TotalsItem
from chalicelib.ledger.tables.waiting import EscrowItem, HoldItem, PendingItem
