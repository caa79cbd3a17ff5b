"""Returns for members: ask, follow, send the goods back, withdraw."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Invalid, NotAllowedInThisState
from chalicelib.kernel.texts import Carrier, Reason, SkuCode, TrackingNumber
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import returns as actions
from chalicelib.orders.actions.returns import ReturnAsked
from chalicelib.orders.errors import OrderDisputed
from chalicelib.orders.errors.returns import (
    NotReturnable,
    ReturnExceedsOrder,
    ReturnLimitReached,
    ReturnWindowClosed,
)
from chalicelib.orders.queries import orders
from chalicelib.orders.queries import returns as queries
from chalicelib.orders.routes.act_requests import (
    OwnPictures,
    Quantity,
    order_act_of,
    quantities_of,
)
from chalicelib.orders.routes.return_views import (
    RETURN_EXAMPLE,
    ReturnKind,
    ReturnView,
    return_view,
)
from chalicelib.orders.rules.returns import Return

returning = Blueprint(__name__)


class ReturnLineIn(msgspec.Struct, forbid_unknown_fields=True):
    sku: SkuCode
    quantity: Quantity


class ReturnIn(msgspec.Struct, forbid_unknown_fields=True):
    """Units of an order to return. Goods come back for `return` and `exchange`.

    `pictures` are paths of own uploads that were checked; each is given once.
    """

    lines: Annotated[list[ReturnLineIn], msgspec.Meta(min_length=1, max_length=30)]
    reason: Reason
    kind: ReturnKind
    pictures: OwnPictures = []


class SentIn(msgspec.Struct, forbid_unknown_fields=True):
    """The parcel that brings the goods back; sent again, it corrects the number."""

    carrier: Carrier
    tracking_number: TrackingNumber


act_route = partial(
    route,
    returning,
    "POST",
    roles=[MEMBER],
    answer=ReturnView,
    key=True,
    may_raise=[NotAllowedInThisState],
)


@route(
    returning, "POST", "/v1/orders/{id}/returns",
    summary="Ask for a return of units of an order",
    roles=[MEMBER], body=ReturnIn, answer=ReturnView, status=201, key=True,
    may_raise=[Invalid, NotAllowedInThisState, OrderDisputed, NotReturnable, ReturnWindowClosed,
               ReturnExceedsOrder, ReturnLimitReached],
    example={"request": {"lines": [{"sku": "CUP-RED", "quantity": 1}], "reason": "杯盖漏水",
                         "kind": "return"},
             "answer": RETURN_EXAMPLE},
)  # fmt: skip
def request_return(call: Call) -> Reply:
    body: ReturnIn = call.body
    asked = ReturnAsked(
        call.path["id"],
        call.member_id,
        body.kind,
        quantities_of(body.lines),
        body.reason,
        tuple(body.pictures),
    )
    made = actions.request_return(asked, call.derived_id("ret"), call.content_digest, call.now)
    return answer_of(made, partial(_view, call))


@route(
    returning, "GET", "/v1/orders/{id}/returns",
    summary="Returns of one of my orders, newest first; no page follows",
    roles=[MEMBER], answer=Page[ReturnView],
    example={"answer": {"data": [RETURN_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_returns_of_order(call: Call) -> Reply:
    order = orders.get_order(call.path["id"], call.member_id)
    found = queries.returns_of_order(order, leave_out_unreadable=True)
    return Reply(_page(call, Page(found, None)))


@route(
    returning, "GET", "/v1/me/returns",
    summary="My returns, newest first",
    roles=[MEMBER], query=PageQuery, answer=Page[ReturnView],
    example={"answer": {"data": [RETURN_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_my_returns(call: Call) -> Reply:
    return Reply(_page(call, queries.returns_of(call.member_id, call.query)))


@route(
    returning, "GET", "/v1/returns/{id}",
    summary="One of my returns",
    roles=[MEMBER], answer=ReturnView, example={"answer": RETURN_EXAMPLE},
)  # fmt: skip
def show_return(call: Call) -> Reply:
    return Reply(_view(call, queries.get_return(call.path["id"], call.member_id)))


@act_route(
    "/v1/returns/{id}/sent",
    summary="Record the parcel with which I send the goods back",
    body=SentIn,
    example={"request": {"carrier": "顺丰速运", "tracking_number": "SF1234567890"},
             "answer": {**RETURN_EXAMPLE, "status": "sent", "status_text": "已寄回"}},
)  # fmt: skip
def send_return(call: Call) -> Reply:
    body: SentIn = call.body
    act = order_act_of(call, "send", "member")
    done = actions.send(call.path["id"], act, call.member_id, body.carrier, body.tracking_number)
    return answer_of(done, partial(_view, call))


@act_route(
    "/v1/returns/{id}/withdraw",
    summary="Withdraw a return whose goods were not sent",
    example={"answer": {**RETURN_EXAMPLE, "status": "withdrawn", "status_text": "已撤销"}},
)  # fmt: skip
def withdraw_return(call: Call) -> Reply:
    act = order_act_of(call, "withdraw", "member")
    return answer_of(actions.withdraw(call.path["id"], act, call.member_id), partial(_view, call))


def _view(call: Call, made: Return) -> ReturnView:
    return return_view(queries.details_of([made])[0], call.language)


def _page(call: Call, found: Page[Return]) -> Page[ReturnView]:
    shown = queries.details_of(found.data)
    return Page([return_view(each, call.language) for each in shown], found.next_cursor)
