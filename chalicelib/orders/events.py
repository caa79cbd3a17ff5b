"""Orders' functions: the relay of their stream, the hand-out of codes, sweeps, proofs of stock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib import payments
from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.observe import logger
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.queues import consume, send
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.orders import rules
from chalicelib.orders.actions import acts, settling, stock, sweeping
from chalicelib.orders.queries import orders
from chalicelib.orders.rules import CashEvent, Order, Refund
from chalicelib.orders.rules.cash import GOES_BACK
from chalicelib.orders.tables import ORDER, OrderItem

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("orders"), name="orders_relay")
def orders_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.on_sqs_message(queue=config().queue("fulfilment"), name="fulfil_orders", batch_size=10)
def fulfil_orders(event: SQSEvent) -> dict[str, Any]:
    return consume(event.to_dict(), fulfil)


@events.on_sqs_message(queue=config().queue("payments"), name="settle_payments", batch_size=1)
def settle_payments(event: SQSEvent) -> dict[str, Any]:
    """Act on what the provider told, on refunds that are owed, on orders that have died."""
    return consume(event.to_dict(), settle)


@events.schedule(Rate(1, unit=Rate.HOURS), name="sweep_orders")
def sweep_orders(_: CloudWatchEvent) -> dict[str, int]:
    """Complete what members did not confirm within ten days.

    Raises ExceptionGroup of what failed, after the others are done.
    """
    now_ms = clock.to_ms(clock.now())
    failed: list[Exception] = []
    due = orders.due_in(rules.RECEIPT_QUEUE, now_ms)
    completed = each(due, lambda order_id: acts.confirm_by_time(order_id, now_ms), failed)
    logger().info("orders swept", completed=completed, failed=len(failed))
    raise_failed("orders were not swept", failed)
    return {"completed": completed}


@events.schedule(Rate(5, unit=Rate.MINUTES), name="sweep_payments")
def sweep_payments(_: CloudWatchEvent) -> dict[str, int]:
    """Time out orders that nobody paid, and settle what a crash or a lost webhook left.

    Raises ExceptionGroup of what failed, after the others are done.
    """
    return sweeping.sweep_payments(clock.now())


@events.schedule(Rate(1, unit=Rate.DAYS), name="verify_stock")
def verify_stock(_: CloudWatchEvent) -> dict[str, int]:
    """Hold stock against what it is made of; what is wrong rings."""
    proof = stock.prove_stock()
    stock.tell(proof)
    return {"skus": proof.checked, "problems": len(proof.problems)}


def settle(fact: Fact) -> None:
    """Bring what a fact is about to where the provider says that it is."""
    now = clock.now()
    if fact.type == "refund.due":
        payments.send_refund(fact.data["order_id"], fact.data["refund_id"], now)
    elif _is_of_withdrawal(fact):
        send(config().withdrawals.required("withdrawals_queue"), fact)
    elif fact.type == "payment.news":
        sweeping.settle_news(fact.data, now)
    elif fact.data.get("unsettled"):
        settling.settle_order(fact.data["order_id"], now)


def _is_of_withdrawal(fact: Fact) -> bool:
    """Whether an earlier release sent it here that had no queue of withdrawals."""
    is_named = fact.type == "payment.news" and payments.names_withdrawal(fact.data["ours"])
    return is_named or fact.type == "withdrawal.approved"


def fulfil(fact: Fact) -> None:
    """Hand out the codes of a completed order of virtual goods."""
    if fact.data["kind"] == rules.VIRTUAL:
        acts.hand_out_codes(fact.data["order_id"], clock.to_ms(clock.now()))


def facts_of(change: Change) -> list[Fact]:
    """A fact for each new state of an order, for each refund, and for what happened to its money
    beside its states; once more for what a dispute has kept back.
    """
    _, sort_key = change.keys
    if change.after is None or sort_key != ORDER:
        return []
    order: Order = from_stream(OrderItem, change.after).value()
    before: Order | None = from_stream(OrderItem, change.before).value() if change.before else None
    facts = [_refunded(order, refund) for refund in _made(before, order) if not refund.is_silent]
    known = before.cash_events if before else ()
    facts += [_happened(order, event) for event in order.cash_events if _is_news(event, known)]
    freed = before is not None and before.disputed and not order.disputed
    if before is None or before.status != order.status or freed:
        facts.insert(0, _changed(order))
    return facts


def _made(before: Order | None, order: Order) -> Iterator[Refund]:
    """The refunds that are new, those at the provider without what a refund of ours had told of."""
    known = before.refunds if before else ()
    pairs = zip(known, order.refunds, strict=False)
    told = sum(old.cash - new.cash for old, new in pairs if not new.is_foreign)
    for refund in order.refunds[len(known) :]:
        twice = min(told, refund.cash) if refund.is_foreign else 0
        told -= twice
        yield msgspec.structs.replace(refund, cash=refund.cash - twice)


def _changed(order: Order) -> Fact:
    step, line = order.steps[-1], order.lines[0]
    data: dict[str, Any] = {
        "member_id": order.member_id, "order_id": order.id, "status": order.status,
        "kind": order.kind, "title": {"zh-CN": line.title_zh, "en": line.title_en},
        "lines": len(order.lines), "points": order.points,
        "cash": order.cash_refunded if order.status in rules.UNDOES else order.cash,
        "currency": order.currency, "unsettled": order.unsettled, "version": order.version,
    }  # fmt: skip
    if order.status == rules.SHIPPED:
        parcel = order.parcels[-1]
        data |= {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number}
    if order.booking is not None:
        data["booked_at"] = rfc3339_ms(order.booking.at_ms)
    if order.status == rules.REJECTED:
        data["reason"] = step.note
    fact_id = f"order.{order.status}:{order.id}"
    return Fact(fact_id, f"order.{order.status}", rfc3339_ms(step.at_ms), data)


def _is_news(event: CashEvent, known: Sequence[CashEvent]) -> bool:
    """Whether a member hears of it: an order of an earlier release learns late of what is over."""
    is_over = payments.back_by(event.at_ms) < clock.to_ms(clock.now())
    return event not in known and not is_over


def _happened(order: Order, event: CashEvent) -> Fact:
    """`order.cash`: `event` is what happened to so many minor units of the order's money."""
    line, goes_back = order.lines[0], event.kind in GOES_BACK
    data = {
        "member_id": order.member_id, "order_id": order.id, "event": event.kind,
        "amount": event.amount, "currency": event.currency,
        "title": {"zh-CN": line.title_zh, "en": line.title_en}, "lines": len(order.lines),
        "expected_by": rfc3339_ms(payments.back_by(event.at_ms)) if goes_back else None,
        "version": order.version, "nth": order.cash_events.index(event),
    }  # fmt: skip
    fact_id = f"order.cash:{event.kind}:{event.about}"
    return Fact(fact_id, "order.cash", rfc3339_ms(event.at_ms), data)


def _refunded(order: Order, refund: Refund) -> Fact:
    line = order.lines[0]
    data = {
        "member_id": order.member_id, "order_id": order.id, "refund_id": refund.id,
        "order_status": order.status, "kind": order.kind,
        "title": {"zh-CN": line.title_zh, "en": line.title_en}, "lines": len(order.lines),
        # Of cash on delivery that has not come yet, less is due: none goes back.
        "points": refund.points, "cash": 0 if refund.lowers else refund.cash,
        "currency": order.currency, "reason": refund.reason,
        "version": order.version, "nth": 1 + [each.id for each in order.refunds].index(refund.id),
    }  # fmt: skip
    fact_id = f"order.refunded:{refund.id}"
    return Fact(fact_id, "order.refunded", rfc3339_ms(refund.at_ms), data)
