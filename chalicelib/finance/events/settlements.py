"""Finance's functions: what a day leaves to be settled, and what is built again."""

from __future__ import annotations

from time import monotonic
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Cron, SQSEvent

from chalicelib.finance.actions import settling
from chalicelib.finance.actions.liability import take_liability
from chalicelib.finance.facts import RebuildRequested
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume

events = Blueprint(__name__)

# A day of a million entries takes minutes: none is begun once half the time-out has passed.
SETTLING_S = 450


# At minutes 0 and 30, which is half an hour past midnight in most zones; in those that differ from
# UTC by a quarter of an hour it is three quarters past.
@events.schedule(Cron("0/30", "*", "*", "*", "?", "*"), name="settle_day")
def settle_day(_: CloudWatchEvent) -> dict[str, int]:
    """Settle the days that have been over for half an hour, the oldest first; then find out what
    is owed to members."""
    # One look at the clock: the run that settles a day also finds what is owed at its end, though
    # midnight passes meanwhile.
    until, now = monotonic() + SETTLING_S, clock.now()

    def enough() -> bool:
        return monotonic() > until

    settled = settling.settle_days(now, enough)
    take_liability(now, enough)
    return {"settled": settled}


@events.on_sqs_message(
    queue=config().queue("settlements"), name="rebuild_settlements", batch_size=1
)
def rebuild_settlements(event: SQSEvent) -> dict[str, Any]:
    """Build a settlement again, and compare it with what was published."""
    return consume(event.to_dict(), HEARD)


def _rebuild(fact: Fact[RebuildRequested]) -> None:
    from chalicelib.finance.actions import rebuilds

    rebuilds.run_rebuild(fact.data.job_id)


HEARD: Handlers = {RebuildRequested: _rebuild}
