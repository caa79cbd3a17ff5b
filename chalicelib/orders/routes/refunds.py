"""Refunds of orders by the staff, and the return of uncollected parcels."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.texts import Reason, SkuCode
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import refunds, sync
from chalicelib.orders.errors import OrderDisputed, RefundExceedsOrder
from chalicelib.orders.errors.returns import ReturnOpen
from chalicelib.orders.queries import details
from chalicelib.orders.routes import cash_views, examples
from chalicelib.orders.routes.act_requests import (
    CASHIERS,
    Quantity,
    act_route,
    order_act_of,
    quantities_of,
    staff_answer,
)
from chalicelib.orders.routes.cash_views import RefundView
from chalicelib.orders.rules import MAX_LINES
from chalicelib.payments import NotCollected

refunding = Blueprint(__name__)


class RefundedLine(msgspec.Struct, forbid_unknown_fields=True):
    sku: SkuCode
    quantity: Quantity


class RefundIn(msgspec.Struct, forbid_unknown_fields=True):
    """Units to refund; without `lines`, all units left. The member reads the reason."""

    reason: Reason
    lines: (
        Annotated[list[RefundedLine], msgspec.Meta(min_length=1, max_length=MAX_LINES)] | None
    ) = None


class UncollectedIn(msgspec.Struct, forbid_unknown_fields=True):
    """The reason, such as refused at the door or never collected. The member reads it."""

    reason: Reason


REFUND_EXAMPLE: dict[str, Any] = {
    "id": "rfd_5c3bqbzkmvnl2hwmbkqk5pnjhm", "points": 400,
    "cash": {"amount": 990, "currency": "CNY"}, "status": "pending",
    "at": "2026-11-23T08:00:00Z", "reason": "破损", "expected_by": "2026-12-07T08:00:00Z",
}  # fmt: skip


@route(
    refunding, "POST", "/v1/admin/orders/{id}/refunds",
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
    act = order_act_of(call, "refund", "staff", body.reason)
    audited = audit.act_of(call, "order.refund", call.path["id"], body.reason)
    sync.refresh_payment(call.path["id"], "refund", call.now)
    order, replayed = refunds.refund(call.path["id"], quantities, refund_id, act, audited)
    made = next(refund for refund in order.refunds if refund.id == refund_id)
    states = details.refund_states_of([order])
    shown = cash_views.refund_view(order, made, states, call.language)
    return replayable(shown, replayed=replayed)


@act_route(
    refunding, "POST", "/v1/admin/orders/{id}/uncollected",
    summary="Record the return of an unpaid parcel of an order on delivery",
    body=UncollectedIn, key=True, may_raise=[NotAllowedInThisState, NotCollected, ReturnOpen],
    example={"request": {"reason": "拒收"}, "answer": examples.STAFF_ORDER},
)  # fmt: skip
def record_uncollected(call: Call) -> Reply:
    order_id, reason = call.path["id"], call.body.reason
    act = order_act_of(call, "come_back", "staff", reason)
    audited = audit.act_of(call, "order.uncollected", order_id, reason)
    returned = refunds.return_to_sender(order_id, call.derived_id("rfd"), act, audited)
    return staff_answer(call, returned)
