"""Functions of orders: stream relay, hand-out of codes, sweeps, proof of stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib import payments
from chalicelib.campaigns import PurchaseChanged
from chalicelib.catalog import GoodsOrdered
from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.observe import logger
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.facts import Fact, Handlers, Shape
from chalicelib.kernel.store.queues import consume, send
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream
from chalicelib.kernel.sweeps import raise_failed
from chalicelib.orders import rules
from chalicelib.orders.actions import (
    codes,
    imports,
    news,
    return_sweeps,
    sales,
    stock,
    sweeping,
    sync,
)
from chalicelib.orders.facts import (
    OF_STATUS,
    ImportPartDue,
    OrderCancelled,
    OrderCash,
    OrderChanged,
    OrderCompleted,
    OrderMissed,
    OrderRefunded,
    OrderRejected,
    OrderRescheduled,
)
from chalicelib.orders.queries.discounts import discounts_of
from chalicelib.orders.rules import Booking, CashEvent, Order, Refund
from chalicelib.orders.rules.bookings import is_rebooked
from chalicelib.orders.rules.cash import GOES_BACK
from chalicelib.orders.rules.purchases import purchase_of, with_discounts
from chalicelib.orders.rules.refunds import new_refunds
from chalicelib.orders.rules.tiers import activity_of
from chalicelib.orders.rules.words import ENDED_BY
from chalicelib.orders.tables import ORDER, OrderItem, money, returns, reviews
from chalicelib.orders.tables.returns import RETURN
from chalicelib.payments import PaymentNews, RefundDue
from chalicelib.tiers import ActivityRecorded
from chalicelib.withdrawals import WithdrawalApproved

events = Blueprint(__name__)

# Each night proves twice what moved in a day, so one that fails is made good by the next.
PROVEN = timedelta(days=2)


@events.on_dynamodb_record(stream_arn=source_arn("orders"), name="orders_relay")
def orders_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.on_sqs_message(queue=config().queue("fulfilment"), name="fulfil_orders", batch_size=10)
def fulfil_orders(event: SQSEvent) -> dict[str, Any]:
    return consume(event.to_dict(), FULFILMENT)


@events.on_sqs_message(queue=config().queue("payments"), name="settle_payments", batch_size=1)
def settle_payments(event: SQSEvent) -> dict[str, Any]:
    """Act on news of the provider, owed refunds and dead orders."""
    return consume(event.to_dict(), PAYMENTS)


@events.schedule(Rate(1, unit=Rate.HOURS), name="sweep_orders")
def sweep_orders(_: CloudWatchEvent) -> dict[str, int]:
    """Complete orders that members did not confirm within ten days; end missed bookings, expired
    vouchers and the time of returns.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    now_ms = clock.to_ms(clock.now())
    failed: list[Exception] = []
    completed = sweeping.complete_unconfirmed(now_ms, failed)
    ended = sweeping.end_vouchers(now_ms, failed)
    moved = return_sweeps.sweep_returns(now_ms, failed)
    done = {"completed": completed, "ended": ended, "returns": moved}
    logger().info("orders swept", extra={**done, "failed": len(failed)})
    raise_failed("orders were not swept", failed)
    return done


@events.schedule(Rate(5, unit=Rate.MINUTES), name="sweep_payments")
def sweep_payments(_: CloudWatchEvent) -> dict[str, int]:
    """Time out unpaid orders, and sync orders after a crash or a lost webhook.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    return sweeping.sweep_payments(clock.now())


@events.schedule(Rate(1, unit=Rate.DAYS), name="rank_goods")
def rank_goods(_: CloudWatchEvent) -> dict[str, int]:
    return {"products": sales.rank_goods(clock.now())}


@events.schedule(Rate(1, unit=Rate.DAYS), name="verify_stock")
def verify_stock(_: CloudWatchEvent) -> dict[str, int]:
    """Prove pools, and movements of the last days; a problem raises an alarm."""
    proof = stock.prove_stock(since_s=int((clock.now() - PROVEN).timestamp()))
    stock.report(proof)
    return {
        "pools": proof.pools,
        "skus": proof.skus,
        "movements": proof.movements,
        "problems": len(proof.problems),
    }


def _send_refund(fact: Fact[RefundDue]) -> None:
    payments.send_refund(fact.data.order_id, fact.data.refund_id, clock.now())


def _on_payment_news(fact: Fact[PaymentNews]) -> None:
    if payments.names_withdrawal(fact.data.ours):
        _forward(fact)
    else:
        news.act_on_news(fact.data, clock.now())


def _forward(fact: Fact[PaymentNews] | Fact[WithdrawalApproved]) -> None:
    """Forward a message of an earlier release, which had no queue of withdrawals."""
    send(config().withdrawals.required("withdrawals_queue"), fact)


def _sync_cancelled(fact: Fact[OrderCancelled]) -> None:
    if fact.data.unsettled:
        sync.sync_order(fact.data.order_id, clock.now())


PAYMENTS: Handlers = {
    RefundDue: _send_refund,
    PaymentNews: _on_payment_news,
    WithdrawalApproved: _forward,
    OrderCancelled: _sync_cancelled,
}


def fulfil(fact: Fact[OrderCompleted]) -> None:
    """Hand out the codes of a completed order of virtual goods."""
    if fact.data.kind == rules.VIRTUAL:
        codes.hand_out_codes(fact.data.order_id, clock.to_ms(clock.now()))


def _mark_day(fact: Fact[Any]) -> None:
    sales.mark_day(fact.data.order_id, clock.now())


FULFILMENT: Handlers = {
    OrderCompleted: fulfil,
    ImportPartDue: lambda fact: imports.ship_part(fact.data.job_id, fact.data.part),
    **dict.fromkeys((OrderCancelled, OrderRejected, OrderRefunded), _mark_day),
}


def facts_of(change: Change) -> list[Fact[Any]]:
    """A fact for each new state, refund and cash event of an order, and for news of a review. The
    end of a dispute repeats the state's fact.
    """
    _, sort_key = change.keys
    if sort_key == RETURN:
        return returns.facts_of(change)
    if sort_key == reviews.REVIEW:
        return reviews.facts_of(change)
    if change.after is None or sort_key != ORDER:
        return []
    order: Order = from_stream(OrderItem, change.after).value()
    before: Order | None = from_stream(OrderItem, change.before).value() if change.before else None
    facts: list[Fact[Any]] = [
        _refund_fact(order, refund) for refund in new_refunds(before, order) if not refund.is_silent
    ]
    known = before.cash_events if before else ()
    facts += [_cash_fact(order, event) for event in order.cash_events if _is_news(event, known)]
    freed = before is not None and before.disputed and not order.disputed
    if before is None or before.status != order.status or freed:
        facts.insert(0, _status_fact(order))
    elif order.booking is not None and is_rebooked(before.booking, order.booking):
        facts.insert(0, _booking_fact(order, order.booking))
    facts += _sold_fact(before, order) + _tier_fact(before, order) + _purchase_fact(before, order)
    return facts + money.facts_of(before, order)


def _tier_fact(before: Order | None, order: Order) -> list[Fact[ActivityRecorded]]:
    data = activity_of(before, order)
    return [Fact.of(f"{data.TYPE}:{data.reference}", data.counted_at, data)] if data else []


def _purchase_fact(before: Order | None, order: Order) -> list[Fact[PurchaseChanged]]:
    purchase = purchase_of(before, order)
    if purchase is None:
        return []
    purchase = with_discounts(purchase, order, discounts_of(order))
    data, step = PurchaseChanged(purchase=purchase), order.steps[-1]
    return [Fact.of(f"{data.TYPE}:{order.id}:{order.version}", rfc3339_ms(step.at_ms), data)]


def _sold_fact(before: Order | None, order: Order) -> list[Fact[GoodsOrdered]]:
    """The goods of an order that has just been paid, or needs no payment: they are popular."""
    was_unpaid = before is None or before.status == rules.AWAITING_PAYMENT
    if not was_unpaid or order.status in {rules.AWAITING_PAYMENT, *rules.UNDOES}:
        return []
    units = sum((Counter({line.product_id: line.quantity}) for line in order.lines), Counter[str]())
    data = GoodsOrdered(order_id=order.id, units=dict(units))
    return [Fact.of(f"{data.TYPE}:{order.id}", rfc3339_ms(order.steps[-1].at_ms), data)]


def _status_fact(order: Order) -> Fact[OrderChanged]:
    step, booking = order.steps[-1], order.booking
    more: dict[str, Any] = {}
    if order.status == rules.SHIPPED:
        parcel = order.parcels[-1]
        more = {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number}
    if order.status == rules.REJECTED:
        more = {"reason": step.note}
    if order.status == rules.COMPLETED:
        more = {"ended": ENDED_BY.get(step.note or "")}
    cash = order.cash_refunded if order.status in rules.UNDOES else order.cash
    booked_at = None if booking is None else rfc3339_ms(booking.at_ms)
    data = _told(OF_STATUS[order.status], order, order, cash=cash, booked_at=booked_at, **more)
    return Fact.of(f"{data.TYPE}:{order.id}", rfc3339_ms(step.at_ms), data)


def _booking_fact(order: Order, booking: Booking) -> Fact[OrderChanged]:
    """That a booking was moved, or missed."""
    shape: type[OrderChanged] = OrderMissed if booking.missed else OrderRescheduled
    booked_at, step = rfc3339_ms(booking.at_ms), order.steps[-1]
    data = _told(shape, order, order, cash=order.cash, booked_at=booked_at)
    return Fact.of(f"{data.TYPE}:{order.id}:{order.version}", rfc3339_ms(step.at_ms), data)


def _told(shape: type[Shape], order: Order, value: Any, **given: Any) -> Shape:
    """What a fact tells of an order and of one of its values."""
    line = order.lines[0]
    title = {"zh-CN": line.title_zh, "en": line.title_en}
    given |= {"order_id": order.id, "title": title, "lines": len(order.lines)}
    return shaped(shape, value, member_id=order.member_id, **given)


def _is_news(event: CashEvent, known: Sequence[CashEvent]) -> bool:
    """Whether to tell the member: orders of earlier releases learn late of old events."""
    is_over = payments.back_by(event.at_ms) < clock.to_ms(clock.now())
    return event not in known and not is_over


def _cash_fact(order: Order, event: CashEvent) -> Fact[OrderCash]:
    back_by = payments.back_by(event.at_ms) if event.kind in GOES_BACK else None
    data = _told(
        OrderCash,
        order,
        event,
        event=event.kind,
        expected_by=None if back_by is None else rfc3339_ms(back_by),
        version=order.version,
        nth=order.cash_events.index(event),
    )
    return Fact.of(f"{data.TYPE}:{event.kind}:{event.about}", rfc3339_ms(event.at_ms), data)


def _refund_fact(order: Order, refund: Refund) -> Fact[OrderRefunded]:
    data = _told(
        OrderRefunded,
        order,
        order,
        points=refund.points,
        reason=refund.reason,
        refund_id=refund.id,
        order_status=order.status,
        # Uncollected cash on delivery is only lowered: none goes back.
        cash=0 if refund.lowers else refund.cash,
        nth=1 + [each.id for each in order.refunds].index(refund.id),
    )
    return Fact.of(f"{data.TYPE}:{refund.id}", rfc3339_ms(refund.at_ms), data)
