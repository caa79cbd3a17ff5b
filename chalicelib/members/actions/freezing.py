"""Freezing and unfreezing a member's accounts, each with its audit record."""

from __future__ import annotations

from datetime import datetime

from chalicelib import audit, ledger
from chalicelib.audit import Act
from chalicelib.kernel.store.writes import WriteSet


def set_status(member_id: str, status: str, act: Act, now: datetime) -> bool:
    """Freeze or unfreeze all accounts of a member; whether this is a replay.

    Raises NotAllowedInThisState if they have the status already or a case of risk decides on it,
    IdempotencyKeyReused.
    """

    def write() -> bool:
        writes = WriteSet()
        before = ledger.set_status(writes, member_id, status, now)
        given_by = ledger.frozen_by(ledger.points_account(member_id))
        ledger.check_status_changes(before, status, given_by)
        audit.record(writes, act.changing({"status": before}, {"status": status}))
        writes.commit()
        return True

    return audit.once(act, write, lambda: True)[1]
