"""The functions of campaigns: the relay of their stream, the queue of purchases, the sweep."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.campaigns.actions.lotteries import sweep_lotteries
from chalicelib.campaigns.actions.people import count_bought
from chalicelib.campaigns.actions.points_back import count_points_back, settle_points_back
from chalicelib.campaigns.actions.progress import Owed, count_missions, settle
from chalicelib.campaigns.actions.purchases import Counter, record_purchase
from chalicelib.campaigns.actions.rewards import sweep_rewards
from chalicelib.campaigns.facts import PurchaseChanged
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.sweeps import raise_failed

events = Blueprint(__name__)

# Well below the function's time-out, which `.chalice/config.json` sets.
REWARDS_S = 120

# What counts purchases, each by its difference.
COUNTERS: tuple[Counter, ...] = (count_bought, count_points_back)


@events.on_dynamodb_record(stream_arn=source_arn("marketing"), name="campaigns_relay")
def campaigns_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.on_sqs_message(queue=config().queue("purchases"), name="count_purchases", batch_size=10)
def count_purchases(event: SQSEvent) -> dict[str, Any]:
    """Count what orders are worth for missions, results and whatever else lives on it."""
    return consume(event.to_dict(), HEARD)


@events.schedule(Rate(5, unit=Rate.MINUTES), name="sweep_campaigns")
def sweep_campaigns(_: CloudWatchEvent) -> dict[str, int]:
    """Do what is due of campaigns.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    until, now = monotonic() + REWARDS_S, clock.now()
    failed: list[Exception] = []
    done = {
        name: _swept(sweep, failed)
        for name, sweep in {
            "rewards": lambda: sweep_rewards(now, lambda: monotonic() > until),
            "lotteries": lambda: sweep_lotteries(now),
        }.items()
    }
    raise_failed("what was due of campaigns was not done", failed)
    return done


def _swept(sweep: Callable[[], int], failed: list[Exception]) -> int:
    try:
        return sweep()
    except ExceptionGroup as error:
        failed += error.exceptions
        return 0


def _on_purchase(fact: Fact[PurchaseChanged]) -> None:
    owed, now = Owed(), clock.now()
    record_purchase(fact.data.purchase, (partial(count_missions, owed, now), *COUNTERS))
    settle(owed, now)
    settle_points_back(fact.data.purchase, now)


HEARD: Handlers = {PurchaseChanged: _on_purchase}


def facts_of(_: Change) -> list[Fact[Any]]:
    """Nothing of a campaign is news for others yet."""
    return []
