"""Orders' functions: the relay of their stream, the hand-out of codes, the hourly sweep."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.observe import logger
from chalicelib.kernel.queues import consume
from chalicelib.kernel.streams import Change, relay, source_arn
from chalicelib.kernel.tables import from_stream
from chalicelib.orders import actions, queries, rules
from chalicelib.orders.rules import Order
from chalicelib.orders.tables import ORDER, OrderItem

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("orders"), name="orders_relay")
def orders_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event.to_dict(), facts_of)


@events.on_sqs_message(queue=config().queue("fulfilment"), name="fulfil_orders", batch_size=10)
def fulfil_orders(event: SQSEvent) -> dict[str, Any]:
    return consume(event.to_dict(), fulfil)


@events.schedule(Rate(1, unit=Rate.HOURS), name="sweep_orders")
def sweep_orders(_: CloudWatchEvent) -> dict[str, int]:
    """Complete what members did not confirm within ten days.

    Raises ExceptionGroup of what failed, after the others are done.
    """
    now_ms = clock.to_ms(clock.now())
    completed, failed = 0, []
    for order_id in queries.unconfirmed_since(now_ms):
        try:
            completed += actions.confirm_by_time(order_id, now_ms)
        except Exception as error:
            logger().exception("an order was not swept", order_id=order_id)
            failed.append(error)
    logger().info("orders swept", completed=completed, failed=len(failed))
    if failed:
        raise ExceptionGroup("orders were not swept", failed)
    return {"completed": completed}


def fulfil(fact: Fact) -> None:
    """Hand out the codes of a completed order of virtual goods."""
    if fact.data["kind"] == rules.VIRTUAL:
        actions.hand_out_codes(fact.data["order_id"], clock.to_ms(clock.now()))


def facts_of(change: Change) -> list[Fact]:
    """A fact for each new state of an order."""
    _, sort_key = change.keys
    if change.after is None or sort_key != ORDER:
        return []
    before = change.before["status"]["S"] if change.before else None
    order: Order = from_stream(OrderItem, change.after).value()
    if order.status == before:
        return []
    step, line = order.steps[-1], order.lines[0]
    data: dict[str, Any] = {
        "member_id": order.member_id, "order_id": order.id, "status": order.status,
        "kind": order.kind, "title": {"zh-CN": line.title_zh, "en": line.title_en},
        "lines": len(order.lines), "points": order.points,
    }  # fmt: skip
    if order.status == rules.SHIPPED:
        parcel = order.parcels[-1]
        data |= {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number}
    if order.status == rules.REJECTED:
        data["reason"] = step.note
    fact_id = f"order.{order.status}:{order.id}"
    return [Fact(fact_id, f"order.{order.status}", rfc3339_ms(step.at_ms), data)]
