"""The expiry of points: an account's lapsed points leave it."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import queries
from chalicelib.ledger.actions.drafts import Draft
from chalicelib.ledger.rules import Entry


def expire(account_id: str, now: datetime) -> Entry | None:
    """Record the expiry of an account's lapsed points; None if no point has lapsed."""

    def write() -> Entry | None:
        draft = Draft(queries.find_account(account_id), now)
        if not draft.entries:
            return None
        writes = WriteSet()
        draft.record(writes)
        writes.commit()
        return draft.entries[0]

    return with_fresh_reads(write)
