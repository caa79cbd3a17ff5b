"""Defer a withdrawal that could not be synced, so that it does not block the others."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.writes import was_written
from chalicelib.withdrawals.tables.items import WithdrawalsItem
from chalicelib.withdrawals.tables.withdrawals import WITHDRAWAL, withdrawal_key


def defer_withdrawal(withdrawal_id: str, now: datetime, until: datetime) -> bool:
    """Set a later due time for a withdrawal that is still due; returns whether it was due."""
    # A withdrawal that was synced meanwhile has a later due time or none.
    is_due = WithdrawalsItem.due_at <= to_ms(now) // 1000
    later = WithdrawalsItem.due_at.set(to_ms(until) // 1000)
    item = WithdrawalsItem(withdrawal_key(withdrawal_id), WITHDRAWAL)
    return was_written(lambda: item.update([later], condition=is_due))
