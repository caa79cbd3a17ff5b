"""Reads of the ledger."""

from chalicelib.ledger.queries.accounts import (
    account_of,
    escrows_of,
    find_account,
    find_adjustment,
    find_entry,
    find_escrow,
    find_hold,
    find_pending,
    points_account,
)
from chalicelib.ledger.queries.history import (
    history,
)
from chalicelib.ledger.queries.waiting import (
    accounts_to_remind,
    due_keys,
    waiting_adjustments,
)

__all__ = [
    "account_of",
    "accounts_to_remind",
    "due_keys",
    "escrows_of",
    "find_account",
    "find_adjustment",
    "find_entry",
    "find_escrow",
    "find_hold",
    "find_pending",
    "history",
    "points_account",
    "waiting_adjustments",
]
