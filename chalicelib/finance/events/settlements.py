"""Finance's functions: settle days, record the liability, rebuild settlements."""

from __future__ import annotations

from time import monotonic
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Cron, SQSEvent

from chalicelib.finance.actions import settlements
from chalicelib.finance.actions.liability import record_liability
from chalicelib.finance.facts import RebuildRequested
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume

events = Blueprint(__name__)

# A day of a million entries takes minutes: no day starts after half of the time-out.
SETTLING_S = 450


# Minutes 0 and 30 are half an hour past midnight in most zones. In zones a quarter of an hour off
# UTC, it is three quarters past.
@events.schedule(Cron("0/30", "*", "*", "*", "?", "*"), name="settle_day")
def settle_day(_: CloudWatchEvent) -> dict[str, int]:
    """Settle the days that have been over for half an hour, then record the liability."""
    # One read of the clock: the run that settles a day also records its liability, even if midnight
    # passes meanwhile.
    until, now = monotonic() + SETTLING_S, clock.now()

    def enough() -> bool:
        return monotonic() > until

    settled = settlements.settle_days(now, enough)
    record_liability(now, enough)
    return {"settled": settled}


@events.on_sqs_message(
    queue=config().queue("settlements"), name="rebuild_settlements", batch_size=1
)
def rebuild_settlements(event: SQSEvent) -> dict[str, Any]:
    """Rebuild a settlement and compare it with the published files."""
    return consume(event.to_dict(), HEARD)


def _rebuild(fact: Fact[RebuildRequested]) -> None:
    from chalicelib.finance.actions import rebuilds

    rebuilds.run_rebuild(fact.data.job_id)


HEARD: Handlers = {RebuildRequested: _rebuild}
