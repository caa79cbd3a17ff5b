"""Freezing and unfreezing: a member's accounts of every unit together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.writes import WriteSet
from chalicelib.ledger import queries
from chalicelib.ledger.actions.drafts import put_account
from chalicelib.ledger.rules import UNITS
from chalicelib.ledger.tables import StatusItem


def set_status(writes: WriteSet, member_id: str, status: str, now: datetime) -> str:
    """Add the new status of all accounts of a member, refused with Moved if one has changed.

    The status of the account of points before.
    """
    before = [queries.find_account(f"{member_id}:{unit}") for unit in UNITS]
    for seen in before:
        if seen.status != status:
            put_account(writes, seen, replace(seen, status=status))
            writes.put(StatusItem.of(seen.id, status, to_ms(now)))
    return before[0].status


def mark_reminded(account_id: str, seen_seq: int, until_s: int) -> bool:
    """Remember that reminders due until then were given; False if the account has moved on."""
    seen = queries.find_account(account_id)
    if seen.seq != seen_seq:
        return False
    writes = WriteSet()
    put_account(writes, seen, replace(seen, reminded_s=until_s))
    writes.commit()
    return True
