"""Sync the withdrawals that a webhook names, and those that are due."""

from __future__ import annotations

import re
from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.sweeps import DEFERRED, each
from chalicelib.payments import end_sweep, provider_breaker, sync_if_ours
from chalicelib.withdrawals.actions.deferring import defer_withdrawal
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.queries.withdrawals import due_withdrawals

_ID = re.compile(r"wdr_[a-z2-7]{26}\Z")


def sync_named(named: str | None, now: datetime) -> None:
    """Sync the withdrawal that an object of the provider names, if it is one of ours.

    Other users of the account choose their own names.

    Raises Unavailable.
    """
    if named and _ID.match(named):
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
