"""Reads of the ledger."""

from chalicelib.ledger.queries.accounts import (
    account_of,
    find_account,
    find_accounts,
    find_adjustment,
    find_entry,
    find_escrow,
    find_hold,
    find_pending,
    get_adjustment,
    pending_of,
    reason_of,
)
from chalicelib.ledger.queries.days import (
    FIRST_DAY,
    day_after,
    in_escrow,
    last_closed,
    recorded_on,
    totals_between,
    totals_of,
    transferred_since,
)
from chalicelib.ledger.queries.history import (
    account_at,
    entries_of,
    frozen_by,
    history,
    message_of,
    statement_between,
)
from chalicelib.ledger.queries.jobs import find_job, find_part, last_job, parts_of
from chalicelib.ledger.queries.outstanding import accounts_at, lot_shards
from chalicelib.ledger.queries.proof import prove_account, prove_segments
from chalicelib.ledger.queries.waiting import accounts_to_remind, due_keys, waiting_adjustments
