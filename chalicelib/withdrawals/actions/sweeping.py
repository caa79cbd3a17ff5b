"""Sync the withdrawals that a webhook names, and those that are due."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.writes import was_written
from chalicelib.kernel.sweeps import DEFERRED, each
from chalicelib.payments import end_sweep, names_withdrawal, provider_breaker, sync_if_ours
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.queries.withdrawals import due_withdrawals
from chalicelib.withdrawals.tables.items import WithdrawalsItem
from chalicelib.withdrawals.tables.withdrawals import WITHDRAWAL, withdrawal_key


def sync_named(named: str | None, now: datetime) -> None:
    """Sync the withdrawal that an object of the provider names, if it is one of ours.

    Other users of the account choose their own names.

    Raises Unavailable.
    """
    if named and names_withdrawal(named):
        sync_if_ours(lambda: sync_withdrawal(named, now), named)


def sweep_withdrawals(now: datetime) -> dict[str, int]:
    """Sync the withdrawals that are due; returns how many.

    A stuck withdrawal blocks no other: a failed one is deferred behind all that are due now.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    return end_sweep("withdrawals", {"withdrawals": sync_due(now, failed)}, failed, now)


def sync_due(now: datetime, failed: list[Exception]) -> int:
    """Sync the withdrawals that are due; returns how many. Failures are kept, and deferred."""
    return each(
        due_withdrawals(to_ms(now)),
        lambda due: bool(sync_withdrawal(due, now)),
        failed,
        provider_breaker(),
        lambda due: defer_withdrawal(due, now, now + DEFERRED),
    )


def defer_withdrawal(withdrawal_id: str, now: datetime, until: datetime) -> bool:
    """Set a later due time for a withdrawal that is still due; returns whether it was due."""
    # A withdrawal that was synced meanwhile has a later due time or none.
    is_due = WithdrawalsItem.due_at <= to_ms(now) // 1000
    later = WithdrawalsItem.due_at.set(to_ms(until) // 1000)
    item = WithdrawalsItem(withdrawal_key(withdrawal_id), WITHDRAWAL)
    return was_written(lambda: item.update([later], condition=is_due))
