"""Orders for members: place, list, cancel, confirm."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog import NotOnSale, OutOfStock, SlotClosed, SlotFull, SlotInThePast
from chalicelib.coupons import (
    CouponExpired,
    CouponNotApplicable,
    CouponNotFound,
    CouponReserved,
    CouponUsed,
)
from chalicelib.earning import with_ways_to_earn
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Invalid, NotAllowedInThisState, check_exactly_one
from chalicelib.kernel.money import Money
from chalicelib.kernel.texts import BookingNote, OrderNote, SkuCode
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import InsufficientPoints
from chalicelib.orders.actions import acts, placing, sync
from chalicelib.orders.actions.rescheduling import Wish
from chalicelib.orders.errors import (
    AddressRequired,
    CashAboveMaximum,
    CashBelowMinimum,
    LimitReached,
    MixedKinds,
    NotDeliveredThere,
    OrderDisputed,
    OrderTooLarge,
    PriceChanged,
    SlotBookedAlready,
    SlotRequired,
    UnpaidOrdersLimitReached,
)
from chalicelib.orders.queries import details
from chalicelib.orders.queries import orders as queries
from chalicelib.orders.routes import examples, views
from chalicelib.orders.routes.act_requests import (
    Quantity,
    member_answer,
    order_act_of,
    quantities_of,
)
from chalicelib.orders.routes.views import OrderView, Status
from chalicelib.orders.rules import MAX_LINES, Booking
from chalicelib.orders.rules.quoting import Request, Wanted

orders = Blueprint(__name__)

SlotId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
CouponId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Points = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
REFUSALS = [
    Invalid,
    NotOnSale,
    OutOfStock,
    LimitReached,
    PriceChanged,
    CashBelowMinimum,
    CashAboveMaximum,
    InsufficientPoints,
    SlotInThePast,
    SlotClosed,
    SlotFull,
    CouponNotFound,
    CouponReserved,
    CouponUsed,
    CouponExpired,
    CouponNotApplicable,
]


class ItemIn(msgspec.Struct, forbid_unknown_fields=True):
    sku: SkuCode
    quantity: Quantity


class ExpectedIn(msgspec.Struct, forbid_unknown_fields=True):
    """The price that the client shows. The order is refused if today's price differs."""

    points: Points
    cash: Money | None = None


class BookingIn(msgspec.Struct, forbid_unknown_fields=True):
    """The time of a service: one of its slots, or any time `at` if it has no slots."""

    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    note: BookingNote | None = None
    slot_id: SlotId | None = None


class OrderIn(msgspec.Struct, forbid_unknown_fields=True):
    """`payment_method` applies only if cash is due; the default is `card`.

    Without `points`, the order takes as many as the member has and the price allows. `points`
    include freight that is due in points. An order that is placed `from_cart` takes its SKUs out of
    the cart.

    With `pickup_store_id` goods are fetched at that store, and need no address.

    The order has the coupon `coupon_id`, or is refused; a refused one keeps it for the member.
    """

    items: Annotated[list[ItemIn], msgspec.Meta(min_length=1, max_length=MAX_LINES)]
    points: Points | None = None
    expected: ExpectedIn | None = None
    address_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    payment_method: Literal["card", "alipay", "wechat_pay", "cod"] | None = None
    booking: BookingIn | None = None
    note: OrderNote | None = None
    from_cart: bool = False
    pickup_store_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    coupon_id: CouponId | None = None


class OrdersQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    status: Status | None = None


def wish_of(body: BookingIn) -> Wish:
    """The time that a body names.

    Raises Invalid unless it names exactly one of `at` and `slot_id`.
    """
    check_exactly_one("booking", at=body.at, slot_id=body.slot_id)
    return Wish(body.slot_id, to_ms(body.at) if body.at else 0, body.note)


def request_of(call: Call) -> Request:
    """The request in the body.

    Raises Invalid if a SKU is in two items.
    """
    body: OrderIn = call.body
    quantities = quantities_of(body.items, "items")
    expected = body.expected
    wish = wish_of(body.booking) if body.booking else None
    return Request(
        member_id=call.member_id,
        items=[Wanted(sku, quantity) for sku, quantity in quantities.items()],
        points=body.points,
        expected=(expected.points, expected.cash) if expected else None,
        address_id=body.address_id,
        booking=Booking(wish.at_ms, wish.note) if wish else None,
        method=body.payment_method,
        note=body.note or None,
        from_cart=body.from_cart,
        slot_id=wish.slot_id if wish else None,
        pickup_store_id=body.pickup_store_id,
        coupon_id=body.coupon_id,
    )


@route(
    orders, "POST", "/v1/orders",
    summary="Place an order: all of it or nothing",
    roles=[MEMBER], consent=True, body=OrderIn, answer=OrderView, status=201, key=True,
    may_raise=[*REFUSALS, MixedKinds, UnpaidOrdersLimitReached, AddressRequired, NotDeliveredThere,
               SlotRequired, SlotBookedAlready, OrderTooLarge],
    example={"request": examples.ORDER_REQUEST, "answer": examples.ORDER},
)  # fmt: skip
def place_order(call: Call) -> Reply:
    with with_ways_to_earn(call):
        placed = placing.place_order(
            request_of(call), call.derived_id("ord"), call.content_digest, call.now
        )
    return member_answer(call, placed)


@route(
    orders, "GET", "/v1/me/orders",
    summary="My orders, newest first",
    roles=[MEMBER], query=OrdersQuery, answer=Page[OrderView],
    example={"answer": {"data": [examples.ORDER], "next_cursor": None}},
)  # fmt: skip
def list_orders(call: Call) -> Reply:
    asked: OrdersQuery = call.query
    found = queries.orders_of(call.member_id, asked.status, asked)
    shown = details.readable_details(found.data)
    data = [views.order_view(each, call.language) for each in shown]
    return Reply(Page(data, found.next_cursor))


@route(
    orders, "GET", "/v1/orders/{id}",
    summary="One of my orders, with its codes",
    roles=[MEMBER], answer=OrderView, example={"answer": examples.ORDER},
)  # fmt: skip
def show_order(call: Call) -> Reply:
    order = queries.get_order(call.path["id"], call.member_id)
    seen = details.tracked(details.member_details(order))
    return Reply(views.order_view(seen, call.language))


@route(
    orders, "POST", "/v1/orders/{id}/cancel",
    summary="Cancel an order before its review: points and stock go back",
    roles=[MEMBER], answer=OrderView, key=True, may_raise=[NotAllowedInThisState, OrderDisputed],
    example={"answer": {**examples.ORDER, "status": "cancelled", "status_text": "已取消"}},
)  # fmt: skip
def cancel_order(call: Call) -> Reply:
    sync.refresh_payment(call.path["id"], "cancel", call.now, call.member_id)
    return _act(call, "cancel")


@route(
    orders, "POST", "/v1/orders/{id}/confirm-receipt",
    summary="Confirm receipt of a parcel",
    roles=[MEMBER], answer=OrderView, key=False, may_raise=[NotAllowedInThisState, OrderDisputed],
    example={"answer": {**examples.ORDER, "status": "completed", "status_text": "兑换成功"}},
)  # fmt: skip
def confirm_receipt(call: Call) -> Reply:
    return _act(call, "confirm")


def _act(call: Call, name: str) -> Reply:
    done = acts.act_on(call.path["id"], order_act_of(call, name, "member"), call.member_id)
    return member_answer(call, done)
