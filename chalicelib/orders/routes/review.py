"""Review of orders by the staff: search, show, take, approve, reject."""

from __future__ import annotations

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel import spelling
from chalicelib.kernel.cursors import Page
from chalicelib.kernel.texts import READ, Reason
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import sync
from chalicelib.orders.queries import details, finding, orders
from chalicelib.orders.queries.lists import list_orders
from chalicelib.orders.routes import examples
from chalicelib.orders.routes.act_requests import (
    READERS,
    act_route,
    staff_act,
    staff_view_of,
)
from chalicelib.orders.routes.lists import ListQuery, list_asked, one_of
from chalicelib.orders.routes.views import StaffOrderView

review = Blueprint(__name__)

SEARCHES = ("id", "member_id", "phone", "email", "tracking_number", "code", "q")


def _sought(words: str, example: str, at_most: int = 254, *, at_least: int = 1) -> msgspec.Meta:
    read = {READ: spelling.pasted}
    return msgspec.Meta(
        min_length=at_least, max_length=at_most, description=words, examples=[example], extra=read
    )


ById = Annotated[str, _sought("The order with this id", "ord_5c3bqbzkmvnl2hwmbkqk5pnjhm", 128)]
ByMember = Annotated[str, _sought("A member's orders", "mbr_7dq2kzvdkwqymh6dz4wmbyzixe", 128)]
ByPhone = Annotated[
    str,
    _sought(
        "Orders of the member with this phone; +86 may be left out",
        "138 0013 8000",
        40,
        at_least=3,
    ),
]
ByEmail = Annotated[
    str,
    _sought(
        "Orders of the member with this e-mail",
        "a@example.com",
        at_least=3,
    ),
]
ByTracking = Annotated[
    str,
    _sought(
        "Orders in this parcel; blanks, hyphens and case do not matter",
        "sf 1234-5678",
        80,
    ),
]
ByCode = Annotated[
    str,
    _sought(
        "The order with this code; blanks, hyphens and case do not matter",
        "GIFT-7K2M-9QXA",
    ),
]
ByAny = Annotated[str, _sought("Any of the others: an id, a phone, a number", "SF12345678")]


class OrdersSearch(ListQuery, forbid_unknown_fields=True, kw_only=True):
    """A list of orders (`awaiting_review` if silent), or those that one thing is known of, newest
    first."""

    q: ByAny | None = None
    id: ById | None = None
    member_id: ByMember | None = None
    phone: ByPhone | None = None
    email: ByEmail | None = None
    tracking_number: ByTracking | None = None
    code: ByCode | None = None


class RejectIn(msgspec.Struct, forbid_unknown_fields=True):
    """The member reads the reason."""

    reason: Reason


@route(
    review, "GET", "/v1/admin/orders",
    summary="Orders in a state, or orders of a member, a parcel or a code",
    roles=READERS, query=OrdersSearch, answer=Page[StaffOrderView],
    example={"answer": {"data": [examples.STAFF_ORDER], "next_cursor": None}},
)  # fmt: skip
def list_any_orders(call: Call) -> Reply:
    asked: OrdersSearch = call.query
    by, value = one_of(asked, SEARCHES)
    if by == "q":
        found = finding.search(value, asked)
    elif by:
        found = finding.find(by, value, asked)
    else:
        found = list_orders(list_asked(asked), asked)
    shown = details.all_staff_details(found.data)
    return Reply(Page([staff_view_of(call, each) for each in shown], found.next_cursor))


@route(
    review, "GET", "/v1/admin/orders/{id}",
    summary="Any order",
    roles=READERS, answer=StaffOrderView, example={"answer": examples.STAFF_ORDER},
)  # fmt: skip
def show_any_order(call: Call) -> Reply:
    order = orders.get_order(call.path["id"])
    return Reply(staff_view_of(call, details.tracked(details.staff_details(order))))


@act_route(review, "POST", "/v1/admin/orders/{id}/take", summary="Take an order into review")
def take_order(call: Call) -> Reply:
    return staff_act(call, "take")


@act_route(review, "POST", "/v1/admin/orders/{id}/approve", summary="Approve an order in review")
def approve_order(call: Call) -> Reply:
    return staff_act(call, "approve")


@act_route(
    review, "POST", "/v1/admin/orders/{id}/reject",
    summary="Reject an order in review: points and stock go back",
    body=RejectIn, key=True,
    example={"request": {"reason": "地址无法送达"}, "answer": examples.STAFF_ORDER},
)  # fmt: skip
def reject_order(call: Call) -> Reply:
    sync.refresh_payment(call.path["id"], "reject", call.now)
    return staff_act(call, "reject", call.body.reason)
