"""Reads of the ledger."""

from chalicelib.ledger.queries.accounts import (
    account_of,
    escrows_of,
    find_account,
    find_accounts,
    find_adjustment,
    find_entry,
    find_escrow,
    find_hold,
    find_pending,
    points_account,
    reason_of,
)
from chalicelib.ledger.queries.days import (
    FIRST_DAY,
    after,
    end_of,
    in_escrow,
    last_closed,
    recorded_on,
    totals_between,
    totals_of,
    transferred_since,
)
from chalicelib.ledger.queries.history import (
    account_at,
    history,
    statement_between,
)
from chalicelib.ledger.queries.jobs import (
    find_job,
    find_part,
    last_job,
    parts_of,
)
from chalicelib.ledger.queries.outstanding import (
    accounts_at,
    lot_shards,
)
from chalicelib.ledger.queries.proof import (
    prove_account,
    prove_segments,
)
from chalicelib.ledger.queries.waiting import (
    accounts_to_remind,
    due_keys,
    waiting_adjustments,
)

__all__ = [
    "FIRST_DAY",
    "account_at",
    "account_of",
    "accounts_at",
    "accounts_to_remind",
    "after",
    "due_keys",
    "end_of",
    "escrows_of",
    "find_account",
    "find_accounts",
    "find_adjustment",
    "find_entry",
    "find_escrow",
    "find_hold",
    "find_job",
    "find_part",
    "find_pending",
    "history",
    "in_escrow",
    "last_closed",
    "last_job",
    "lot_shards",
    "parts_of",
    "points_account",
    "prove_account",
    "prove_segments",
    "reason_of",
    "recorded_on",
    "statement_between",
    "totals_between",
    "totals_of",
    "transferred_since",
    "waiting_adjustments",
]
