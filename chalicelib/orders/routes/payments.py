"""Payments of orders: start, sync."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal, cast

import msgspec
from chalice.app import Blueprint

from chalicelib import audit, payments
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import sync
from chalicelib.orders.actions.returning import cash_of
from chalicelib.orders.queries import orders
from chalicelib.orders.routes.act_requests import (
    CASHIERS,
    READERS,
    act_route,
    order_act_of,
    staff_answer,
)
from chalicelib.orders.routes.cash_views import PaymentStatus
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.payments import charge_of, check_payable, status_of
from chalicelib.payments import CashRefundView, Intent, Method, PaymentClosed, PaymentRefused

paying = Blueprint(__name__)


class PaymentIn(msgspec.Struct, forbid_unknown_fields=True):
    """Another payment method than the order's."""

    payment_method: Literal["card", "alipay", "wechat_pay"] | None = None


class StartedPayment(msgspec.Struct):
    """A payment at the provider. The app confirms it there with Stripe's own library,
    `client_secret` and the account's publishable key. Then it reads the order for the result
    (docs/paying.md). `status` is the payment's; `canceled` is the provider's spelling.
    """

    id: str
    provider: Literal["stripe"]
    client_secret: str
    amount: Money
    status: Literal["open", "processing", "succeeded", "canceled"]
    expires_at: str


PAYMENT_EXAMPLE: dict[str, Any] = {
    "id": "pay_5c3bqbzkmvnl2hwmbkqk5pnjhm", "provider": "stripe",
    "client_secret": "pi_3Q_secret_8f", "amount": {"amount": 1980, "currency": "CNY"},
    "status": "open", "expires_at": "2026-11-21T08:30:00Z",
}  # fmt: skip


@route(
    paying, "POST", "/v1/orders/{id}/payment",
    summary="Start the payment of an order, or show it again; a new key may change its method",
    roles=[MEMBER], body=PaymentIn, body_required=False, answer=StartedPayment, status=201,
    key=True, may_raise=[NotAllowedInThisState, PaymentClosed, PaymentRefused],
    example={"request": {"payment_method": "alipay"}, "answer": PAYMENT_EXAMPLE},
)  # fmt: skip
def start_payment(call: Call) -> Reply:
    order = orders.get_order(call.path["id"], call.member_id)
    act = order_act_of(call, "start_payment", "member")
    assert act.key is not None, "the route requires a key"
    known = payments.is_started_by(order.id, act.key)
    if not known:
        check_payable(order, to_ms(call.now))
    body: PaymentIn = call.body
    own = cast(Method, order.method)
    method, due = body.payment_method or own, cash_of(order, order.cash)
    started = payments.start_payment(order.id, due, own, method, act.key, act.content, call.now)
    return answer_of(started, partial(_started, order))


@act_route(
    paying,
    "POST",
    "/v1/admin/orders/{id}/settle",
    summary="Sync an order with its payment at the provider",
    roles=CASHIERS,
    may_raise=[],
)
def settle_order(call: Call) -> Reply:
    seen = orders.get_order(call.path["id"])
    act = audit.act_of(call, "order.settle", seen.id)
    replayed = audit.record_asked(act.changing({"status": seen.status, "paid": seen.paid}, {}))
    # A retry syncs, too: the first try may have stopped at any point.
    return staff_answer(call, (sync.sync_order(seen.id, call.now), replayed))


class ProviderPaymentView(msgspec.Struct):
    """A payment at the provider: `id` is its `pi_…`, `charge` its `ch_…` once it was paid."""

    id: str
    charge: str | None
    status: PaymentStatus
    amount: Money
    started_at: str


class OrderPaymentsView(msgspec.Struct):
    """An order's money at the payment provider, by the provider's own ids: `payment` is null if
    none was started. `refunds` are disputes, too, the oldest first."""

    provider: Literal["stripe"]
    payment: ProviderPaymentView | None
    refunds: list[CashRefundView]


@route(
    paying, "GET", "/v1/admin/orders/{id}/payments",
    summary="The payment and refunds of an order, by their ids at the provider",
    roles=READERS, answer=OrderPaymentsView,
    example={"answer": {
        "provider": "stripe",
        "payment": {"id": "pi_3QKx2eZvKYlo2C0pnjhm", "charge": "ch_3QKx2eZvKYlo2C0pnjhm",
                    "status": "partially_refunded", "started_at": "2026-11-21T08:00:00.000Z",
                    "amount": {"amount": 1980, "currency": "CNY"}},
        "refunds": [payments.CASH_REFUND_EXAMPLE],
    }},
)  # fmt: skip
def show_order_payments(call: Call) -> Reply:
    order = orders.get_order(call.path["id"])
    made = payments.find_payment(order.id, consistent=False)
    refunds = [payments.cash_refund_view(each) for each in payments.all_refunds_of(order.id)]
    shown = None
    if made is not None:
        status = cast(PaymentStatus, status_of(order))
        shown = ProviderPaymentView(
            made.intent_id, charge_of(order), status, made.amount, rfc3339_ms(made.created_at_ms)
        )
    return Reply(OrderPaymentsView("stripe", shown, refunds))


def _started(order: Order, intent: Intent) -> StartedPayment:
    until = rfc3339_ms(order.pay_until_ms)
    return shaped(StartedPayment, intent, id=intent.payment_id, provider="stripe", expires_at=until)
