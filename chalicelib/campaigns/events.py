"""The functions of campaigns: the relay of their stream, and the queue of purchases."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, DynamoDBEvent, SQSEvent

from chalicelib.campaigns.actions.purchases import Counter, record_purchase
from chalicelib.campaigns.facts import PurchaseChanged
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.store.streams import Change, relay, source_arn

events = Blueprint(__name__)

# What counts purchases, each by its difference.
COUNTERS: tuple[Counter, ...] = ()


@events.on_dynamodb_record(stream_arn=source_arn("marketing"), name="campaigns_relay")
def campaigns_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.on_sqs_message(queue=config().queue("purchases"), name="count_purchases", batch_size=10)
def count_purchases(event: SQSEvent) -> dict[str, Any]:
    """Count what orders are worth for missions, results and whatever else lives on it."""
    return consume(event.to_dict(), HEARD)


def _on_purchase(fact: Fact[PurchaseChanged]) -> None:
    record_purchase(fact.data.purchase, COUNTERS)


HEARD: Handlers = {PurchaseChanged: _on_purchase}


def facts_of(_: Change) -> list[Fact[Any]]:
    """Nothing of a campaign is news for others yet."""
    return []
