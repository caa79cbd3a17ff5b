"""Bookings: moved by the member or the staff, missed, and the list of those in a slot."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.catalog import SlotClosed, SlotFull, SlotInThePast
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.texts import Reason
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import counter, rescheduling
from chalicelib.orders.errors import (
    BookingNotOver,
    OrderDisputed,
    RescheduleClosed,
    SlotBookedAlready,
    SlotRequired,
)
from chalicelib.orders.queries import bookings
from chalicelib.orders.routes import examples
from chalicelib.orders.routes.act_requests import (
    SEE_PEOPLE,
    act_route,
    member_answer,
    order_act_of,
    staff_answer,
)
from chalicelib.orders.routes.orders import BookingIn, wish_of
from chalicelib.orders.routes.views import BookingView, OrderView, Status, booking_view
from chalicelib.orders.rules import Order

booking_routes = Blueprint(__name__)

_REFUSALS = [
    NotAllowedInThisState,
    OrderDisputed,
    SlotRequired,
    SlotInThePast,
    SlotClosed,
    SlotFull,
    SlotBookedAlready,
]


class StaffBookingIn(BookingIn, forbid_unknown_fields=True):
    """Another time, and why; the member reads it."""

    reason: Reason | None = None


class NoShowIn(msgspec.Struct, forbid_unknown_fields=True):
    """A remark on it, for the audit alone."""

    reason: Reason | None = None


class SlotBookingView(msgspec.Struct):
    """An order that is booked for a slot."""

    order_id: str
    member_id: str
    status: Status
    quantity: int
    booking: BookingView | None


BOOKING_EXAMPLE: dict[str, Any] = {"slot_id": "slt_06a2b3c40qk2nq5bzkmvnl2hwmbkqk5pnjh5c3bqb"}
_BOOKED: dict[str, Any] = {
    "order_id": "ord_5c3bqbzkmvnl2hwmbkqk5pnjhm", "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "status": "approved", "quantity": 1,
    "booking": {"at": "2026-12-01T02:00:00Z", "note": None, "until": "2026-12-01T03:00:00Z",
                "missed": False},
}  # fmt: skip


@route(
    booking_routes, "POST", "/v1/orders/{id}/reschedule",
    summary="Move the booking of a service, until some hours before it",
    roles=[MEMBER], body=BookingIn, answer=OrderView, key=True,
    may_raise=[*_REFUSALS, RescheduleClosed],
    example={"request": BOOKING_EXAMPLE, "answer": examples.ORDER},
)  # fmt: skip
def reschedule_order(call: Call) -> Reply:
    act = order_act_of(call, "reschedule", "member")
    wish = wish_of(call.body)
    done = rescheduling.reschedule(call.path["id"], act, wish, call.member_id)
    return member_answer(call, done)


@act_route(
    booking_routes, "POST", "/v1/admin/orders/{id}/reschedule",
    summary="Move the booking of a member's service, at any time",
    body=StaffBookingIn, key=True, may_raise=_REFUSALS,
    example={"request": {**BOOKING_EXAMPLE, "reason": "技师请假"}, "answer": examples.STAFF_ORDER},
)  # fmt: skip
def reschedule_any_order(call: Call) -> Reply:
    act = order_act_of(call, "reschedule", "staff", call.body.reason)
    return staff_answer(call, rescheduling.reschedule(call.path["id"], act, wish_of(call.body)))


@act_route(
    booking_routes, "POST", "/v1/admin/orders/{id}/no-show",
    summary="Record that nobody came to a booking; a setting says what follows",
    body=NoShowIn, body_required=False, key=True,
    may_raise=[NotAllowedInThisState, OrderDisputed, BookingNotOver],
    example={"request": {"reason": "电话未接"}, "answer": examples.STAFF_ORDER},
)  # fmt: skip
def record_no_show(call: Call) -> Reply:
    act = order_act_of(call, "miss", "staff")
    audited = audit.act_of(call, "order.no_show", call.path["id"], call.body.reason)
    return staff_answer(call, counter.record_no_show(call.path["id"], act, audited))


@route(
    booking_routes, "GET", "/v1/admin/slots/{id}/bookings",
    summary="The orders that are booked for a slot",
    roles=SEE_PEOPLE, query=PageQuery, answer=Page[SlotBookingView],
    example={"answer": {"data": [_BOOKED], "next_cursor": None}},
)  # fmt: skip
def list_bookings(call: Call) -> Reply:
    return Reply(bookings.booked_for(call.path["id"], call.query).shown(_booked))


def _booked(order: Order) -> SlotBookingView:
    quantity = sum(line.left for line in order.lines)
    booking = booking_view(order.booking) if order.booking else None
    status = cast(Status, order.status)
    return SlotBookingView(order.id, order.member_id, status, quantity, booking)
