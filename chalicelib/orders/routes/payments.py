"""Payments of orders: start, refund, uncollected parcels, sync."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal, cast

import msgspec
from chalice.app import Blueprint

from chalicelib import audit, payments
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import Reason, SkuCode
from chalicelib.kernel.web.auth import ADMIN, FINANCE, MEMBER, OPS
from chalicelib.kernel.web.http import Reply, answer_of, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import refunds, sync
from chalicelib.orders.actions.returning import cash_of
from chalicelib.orders.errors import OrderDisputed, RefundExceedsOrder
from chalicelib.orders.queries import details, orders
from chalicelib.orders.routes import cash_views, examples
from chalicelib.orders.routes.act_requests import (
    Quantity,
    act_of,
    act_route,
    quantities_of,
    staff_answer,
)
from chalicelib.orders.routes.cash_views import RefundView
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.payments import check_payable
from chalicelib.payments import Intent, Method, NotCollected, PaymentClosed, PaymentRefused

paying = Blueprint(__name__)

CASHIERS = (OPS, FINANCE, ADMIN)


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


class RefundedLine(msgspec.Struct, forbid_unknown_fields=True):
    sku: SkuCode
    quantity: Quantity


class RefundIn(msgspec.Struct, forbid_unknown_fields=True):
    """Units to refund; without `lines`, all units left. The member reads the reason."""

    reason: Reason
    lines: Annotated[list[RefundedLine], msgspec.Meta(min_length=1, max_length=20)] | None = None


class UncollectedIn(msgspec.Struct, forbid_unknown_fields=True):
    """The reason, such as refused at the door or never collected. The member reads it."""

    reason: Reason


PAYMENT_EXAMPLE: dict[str, Any] = {
    "id": "pay_5c3bqbzkmvnl2hwmbkqk5pnjhm", "provider": "stripe",
    "client_secret": "pi_3Q_secret_8f", "amount": {"amount": 1980, "currency": "CNY"},
    "status": "open", "expires_at": "2026-11-21T08:30:00Z",
}  # fmt: skip
REFUND_EXAMPLE: dict[str, Any] = {
    "id": "rfd_5c3bqbzkmvnl2hwmbkqk5pnjhm", "points": 400,
    "cash": {"amount": 990, "currency": "CNY"}, "status": "pending",
    "at": "2026-11-23T08:00:00Z", "reason": "破损", "expected_by": "2026-12-07T08:00:00Z",
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
    act = act_of(call, "start_payment", "member")
    assert act.key is not None, "the route requires a key"
    known = payments.is_started_by(order.id, act.key)
    if not known:
        check_payable(order, to_ms(call.now))
    body: PaymentIn = call.body
    own = cast(Method, order.method)
    method, due = body.payment_method or own, cash_of(order, order.cash)
    started = payments.start_payment(order.id, due, own, method, act.key, act.content, call.now)
    return answer_of(started, partial(_started, order))


@route(
    paying, "POST", "/v1/admin/orders/{id}/refunds",
    summary="Refund units of an order, in points and cash as they were paid",
    roles=CASHIERS, body=RefundIn, answer=RefundView, status=201, key=True,
    may_raise=[NotAllowedInThisState, OrderDisputed, RefundExceedsOrder],
    example={"request": {"reason": "破损", "lines": [{"sku": "CUP-RED", "quantity": 1}]},
             "answer": REFUND_EXAMPLE},
)  # fmt: skip
def refund_order(call: Call) -> Reply:
    body: RefundIn = call.body
    quantities = quantities_of(body.lines)
    refund_id = call.derived_id("rfd")
    act, audited = act_of(call, "refund", "staff", body.reason), audit.act_of(call, "order.refund")
    sync.refresh_payment(call.path["id"], "refund", call.now)
    order, replayed = refunds.refund(call.path["id"], quantities, refund_id, act, audited)
    made = next(refund for refund in order.refunds if refund.id == refund_id)
    states = details.refund_states_of([order])
    shown = cash_views.refund_view(order, made, states, call.language)
    return replayable(shown, replayed=replayed)


@act_route(
    paying, "POST", "/v1/admin/orders/{id}/uncollected",
    summary="Record the return of an unpaid parcel of an order on delivery",
    body=UncollectedIn, key=True, may_raise=[NotAllowedInThisState, NotCollected],
    example={"request": {"reason": "拒收"}, "answer": examples.STAFF_ORDER},
)  # fmt: skip
def record_uncollected(call: Call) -> Reply:
    act = act_of(call, "come_back", "staff", call.body.reason)
    audited, refund_id = audit.act_of(call, "order.uncollected"), call.derived_id("rfd")
    return staff_answer(call, refunds.return_to_sender(call.path["id"], refund_id, act, audited))


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
    act = audit.act_of(call, "order.settle")
    replayed = audit.record_asked(act.changing({"status": seen.status, "paid": seen.paid}, {}))
    # A retry syncs, too: the first try may have stopped at any point.
    return staff_answer(call, (sync.sync_order(seen.id, call.now), replayed))


def _started(order: Order, intent: Intent) -> StartedPayment:
    until = rfc3339_ms(order.pay_until_ms)
    return shaped(StartedPayment, intent, id=intent.payment_id, provider="stripe", expires_at=until)
