"""Returns for the staff: decide, receive the goods, ship replacements."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.catalog import OutOfStock
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, NotAllowedInThisState, Words
from chalicelib.kernel.texts import (
    Carrier,
    Reason,
    ReturnInstructions,
    TrackingNumber,
)
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import returns as actions
from chalicelib.orders.actions import sync
from chalicelib.orders.errors import OrderDisputed, RefundExceedsOrder
from chalicelib.orders.queries import orders
from chalicelib.orders.queries import returns as queries
from chalicelib.orders.routes.act_requests import (
    REVIEWERS,
    SEE_PEOPLE,
    order_act_of,
    quantities_of,
)
from chalicelib.orders.routes.return_views import (
    STAFF_RETURN_EXAMPLE,
    ReturnStatus,
    StaffReturnView,
    staff_return_view,
)
from chalicelib.orders.routes.returns import ReturnLineIn
from chalicelib.orders.rules import OrderAct
from chalicelib.orders.rules.returns import Return

returns_admin = Blueprint(__name__)


class ReturnsSearch(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Returns in a `status` (`requested` if silent): open ones by the end of their time, the
    soonest first, others by their end, the newest first. Or those of an order, newest first."""

    status: ReturnStatus | None = None
    order_id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None


class ApproveReturnIn(msgspec.Struct, forbid_unknown_fields=True):
    """Where and how the member sends the goods back; without it, the address of the settings."""

    instructions: ReturnInstructions | None = None


class RejectReturnIn(msgspec.Struct, forbid_unknown_fields=True):
    """The member reads the reason."""

    reason: Reason


class ReceiveReturnIn(msgspec.Struct, forbid_unknown_fields=True):
    """Units that came; without `lines`, all that are missing. They are on sale again, unless
    `restock` is false. The member reads the note."""

    lines: Annotated[list[ReturnLineIn], msgspec.Meta(min_length=1, max_length=30)] | None = None
    restock: bool = True
    note: Reason | None = None


class ReplaceIn(msgspec.Struct, forbid_unknown_fields=True):
    """The parcel with the replacement of the units that came."""

    carrier: Carrier
    tracking_number: TrackingNumber


act_route = partial(
    route,
    returns_admin,
    "POST",
    roles=REVIEWERS,
    answer=StaffReturnView,
    key=True,
    may_raise=[NotAllowedInThisState],
)


def _example(status: str, text: str, **sent: Any) -> dict[str, Any]:
    answer = {**STAFF_RETURN_EXAMPLE, "status": status, "status_text": text}
    return {"request": sent, "answer": answer}


@route(
    returns_admin, "GET", "/v1/admin/returns",
    summary="Returns of all members in a state, or those of an order",
    roles=SEE_PEOPLE, query=ReturnsSearch, answer=Page[StaffReturnView],
    example={"answer": {"data": [STAFF_RETURN_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_returns(call: Call) -> Reply:
    asked: ReturnsSearch = call.query
    if asked.order_id is None:
        found = queries.returns_in(asked.status or "requested", asked)
    elif asked.status is None:
        order = orders.find_order(asked.order_id)
        found = Page(queries.returns_of_order(order) if order else [], None)
    else:
        words = Words("不能与 order_id 同时使用", "does not go with order_id")
        raise Invalid(FieldError("status", "one_filter_only", words))
    shown = queries.details_of(found.data)
    return Reply(Page([staff_return_view(x, call.language) for x in shown], found.next_cursor))


@route(
    returns_admin, "GET", "/v1/admin/returns/{id}",
    summary="Any return",
    roles=SEE_PEOPLE, answer=StaffReturnView, example={"answer": STAFF_RETURN_EXAMPLE},
)  # fmt: skip
def show_any_return(call: Call) -> Reply:
    return Reply(_view(call, queries.get_return(call.path["id"])))


@act_route(
    "/v1/admin/returns/{id}/approve",
    summary="Approve a return: a refund without a return is made, a replacement is reserved",
    body=ApproveReturnIn,
    may_raise=[NotAllowedInThisState, OutOfStock, OrderDisputed, RefundExceedsOrder],
    example=_example("approved", "待寄回", instructions="上海市黄浦区南京东路 1 号，售后部收"),
)  # fmt: skip
def approve_return(call: Call) -> Reply:
    _refresh(call)
    body: ApproveReturnIn = call.body
    act, audited = _acts(call, "approve")
    done = actions.approve(call.path["id"], act, body.instructions, audited)
    return answer_of(done, partial(_view, call))


@act_route(
    "/v1/admin/returns/{id}/reject",
    summary="Decline a return, or goods that came back otherwise than agreed",
    body=RejectReturnIn, example=_example("rejected", "未通过", reason="商品已使用"),
)  # fmt: skip
def reject_return(call: Call) -> Reply:
    act, audited = _acts(call, "reject", call.body.reason)
    return answer_of(actions.reject(call.path["id"], act, audited), partial(_view, call))


@act_route(
    "/v1/admin/returns/{id}/receive",
    summary="Record units that came back: a return refunds them, and closes once all came",
    body=ReceiveReturnIn,
    may_raise=[NotAllowedInThisState, OrderDisputed, RefundExceedsOrder],
    example=_example("closed", "已完成", lines=[{"sku": "CUP-RED", "quantity": 1}]),
)  # fmt: skip
def receive_return(call: Call) -> Reply:
    _refresh(call)
    body: ReceiveReturnIn = call.body
    act, audited = _acts(call, "receive", body.note)
    came = quantities_of(body.lines)
    done = actions.receive(call.path["id"], act, came, restock=body.restock, audited=audited)
    return answer_of(done, partial(_view, call))


@act_route(
    "/v1/admin/returns/{id}/ship",
    summary="Record the parcel with the replacement of an exchange",
    body=ReplaceIn,
    example=_example("closed", "已完成", carrier="顺丰速运", tracking_number="SF1234567890"),
)  # fmt: skip
def ship_replacement(call: Call) -> Reply:
    body: ReplaceIn = call.body
    act, audited = _acts(call, "ship")
    done = actions.ship(call.path["id"], act, body.carrier, body.tracking_number, audited)
    return answer_of(done, partial(_view, call))


def _acts(call: Call, name: str, note: str | None = None) -> tuple[OrderAct, audit.Act]:
    """The act that a call asks for, and its record in the audit."""
    audited = audit.act_of(call, f"return.{name}", call.path["id"], note)
    return order_act_of(call, name, "staff", note), audited


def _refresh(call: Call) -> None:
    """Learn of refunds at the provider before another is made."""
    order_id = queries.get_return(call.path["id"]).order_id
    sync.refresh_payment(order_id, "refund", call.now)


def _view(call: Call, made: Return) -> StaffReturnView:
    return staff_return_view(queries.details_of([made])[0], call.language)
