"""Reconciliation's function: the only reader of the provider's books."""

from __future__ import annotations

from time import monotonic

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.finance.actions.reconciliation import reconcile_days
from chalicelib.kernel import clock
from chalicelib.payments import provider

reconciling = Blueprint(__name__)

# Well below the function's time-out: a step of an hour with many lines takes minutes.
WORKING_S = 450


@reconciling.schedule(Rate(1, unit=Rate.HOURS), name="reconcile_day")
def reconcile_day(_: CloudWatchEvent) -> dict[str, int]:
    """Reconcile each day that has been over for an hour, in order."""
    until = monotonic() + WORKING_S
    done = reconcile_days(provider.gateway(), clock.now(), lambda: monotonic() > until)
    return {"reconciled": done}
