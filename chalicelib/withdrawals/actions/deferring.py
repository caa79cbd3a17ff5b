"""Defer a withdrawal that could not be synced, so that it does not stand before all others."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.writes import was_written
from chalicelib.withdrawals.tables.items import WithdrawalsItem
from chalicelib.withdrawals.tables.withdrawals import WITHDRAWAL, withdrawal_key


def defer_withdrawal(withdrawal_id: str, now: datetime, until: datetime) -> bool:
    """Let the sweeper look at a withdrawal later, if it is due; whether it was."""
    # One that was synced meanwhile has no time any more, or a later one.
    is_due = WithdrawalsItem.due_at <= to_ms(now) // 1000
    later = WithdrawalsItem.due_at.set(to_ms(until) // 1000)
    item = WithdrawalsItem(withdrawal_key(withdrawal_id), WITHDRAWAL)
    return was_written(lambda: item.update([later], condition=is_due))
