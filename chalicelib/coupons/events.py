"""The functions of coupons: the relay of their stream."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change, relay, source_arn

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("coupons"), name="coupons_relay")
def coupons_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


def facts_of(_: Change) -> list[Fact[Any]]:
    """Nothing of a coupon is news for others yet."""
    return []
