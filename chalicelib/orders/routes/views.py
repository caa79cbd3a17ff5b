"""Orders as members and staff see them."""

from __future__ import annotations

from typing import Literal, cast

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped
from chalicelib.members import Address
from chalicelib.orders.routes import cash_views
from chalicelib.orders.routes.cash_views import PaymentView, RefundView, cash
from chalicelib.orders.routes.discount_views import (
    DiscountView,
    LineSavingView,
    OrderCouponView,
    coupon_view,
    discount_views,
    saving_view,
)
from chalicelib.orders.rules import Booking, Order, OrderFreight, OrderLine, Parcel
from chalicelib.orders.rules import payments as rules_of_payments
from chalicelib.orders.rules.details import OrderDetails
from chalicelib.orders.rules.returnable import returnable_until
from chalicelib.orders.rules.tracking import ParcelEventType
from chalicelib.orders.rules.words import note_in, status_words

Status = Literal[
    "awaiting_payment",
    "awaiting_review",
    "in_review",
    "approved",
    "rejected",
    "shipped",
    "delivered",
    "completed",
    "cancelled",
]


class LineView(msgspec.Struct):
    """One line. `codes` are the codes of virtual goods; they are empty until the hand-out.

    `returned` of its units have a refund. `saved` is null where nothing lowered the price.
    """

    sku: str
    product_id: str
    title: str
    quantity: int
    points: int
    cash: Money
    codes: list[str]
    returned: int
    saved: LineSavingView | None


class ParcelEventView(msgspec.Struct):
    """A carrier's event of a parcel."""

    type: ParcelEventType
    at: str
    place: str | None


class ParcelView(msgspec.Struct):
    """A parcel. `events` are what its carrier has told, the oldest first; a list of orders and the
    answer of an act leave them out."""

    carrier: str
    tracking_number: str
    lines: dict[str, int]
    events: list[ParcelEventView]


class StepView(msgspec.Struct):
    """A change of state, or an event of the order's money in a state: then `note` describes it.
    `by` is member, staff or system.
    """

    status: Status
    at: str
    by: str
    note: str | None


class BookingView(msgspec.Struct):
    """The time of a service. `until` is the end of its slot, null for a free time; `missed`: nobody
    came."""

    at: str
    note: str | None
    until: str | None
    missed: bool


class OrderReturnView(msgspec.Struct):
    """A return of the order, with the units that it keeps while it is open, by SKU."""

    id: str
    lines: dict[str, int]


class OrderView(msgspec.Struct):
    """An order. Points are integers, cash and freight minor units of their currency.

    `freight` is a part of `cash`, and `freight_points` of `points`. `note` is the member's own.

    `discounts` are what lowered its price, each with its lines, in the order in which they applied.

    `returns` are its returns, the oldest first. Goods that have arrived can be returned until
    `returnable_until`.
    """

    id: str
    status: Status
    status_text: str
    kind: Literal["physical", "virtual", "service"]
    created_at: str
    version: int
    lines: list[LineView]
    points: int
    cash: Money
    freight: Money
    address: Address | None
    booking: BookingView | None
    payment: PaymentView | None
    refunds: list[RefundView]
    parcels: list[ParcelView]
    timeline: list[StepView]
    freight_points: int
    note: str | None
    returns: list[OrderReturnView]
    returnable_until: str | None
    store_id: str | None
    discounts: list[DiscountView]
    coupon: OrderCouponView | None


class StaffOrderView(OrderView, kw_only=True):
    """An order with its member, and the staff of each act on it.

    `is_masked`: the caller handles money alone, so the address has no street, its name and phone
    are masked, and the notes of the order and of its booking are left out.
    """

    member_id: str
    handled_by: list[str]
    is_masked: bool


def line_view(
    line: OrderLine, language: str, codes: list[str], saved: LineSavingView | None = None
) -> LineView:
    return shaped(
        LineView,
        line,
        title=line.title.in_language(language),
        cash=cash(line.cash),
        codes=codes,
        returned=line.refunded,
        saved=saved,
    )


def order_view(details: OrderDetails, language: str) -> OrderView:
    order, discounts = details.order, details.discounts
    booking, freight = order.booking, order.freight or OrderFreight()
    until_ms = returnable_until(order, config().returns.return_window_days)
    return shaped(
        OrderView,
        order,
        status_text=status_words(order.way, order.status).in_language(language),
        lines=_lines(details, language),
        cash=cash(order.cash, order.currency),
        freight=cash(freight.cash, order.currency),
        freight_points=freight.points,
        note=details.note,
        address=details.address,
        booking=booking_view(booking) if booking else None,
        payment=cash_views.payment_view(order),
        refunds=cash_views.refund_views(order, details.refunds, language),
        parcels=[_parcel(parcel, details) for parcel in order.parcels],
        timeline=_timeline(order, language),
        returns=[OrderReturnView(mark.id, mark.kept) for mark in order.returns],
        returnable_until=None if until_ms is None else rfc3339_ms(until_ms),
        discounts=discount_views(discounts, order.lines, language, order.currency),
        coupon=coupon_view(discounts, order.currency),
    )


def _lines(details: OrderDetails, language: str) -> list[LineView]:
    order, discounts = details.order, details.discounts
    return [
        line_view(
            line,
            language,
            details.codes.get(line.sku, []),
            saving_view(discounts, place, line, order.currency),
        )
        for place, line in enumerate(order.lines)
    ]


def staff_order_view(details: OrderDetails, language: str, *, sees_people: bool) -> StaffOrderView:
    order, seen = details.order, order_view(details, language)
    handled_by = [step.actor for step in order.steps if step.actor and step.by == "staff"]
    shown = seen if sees_people else _masked(seen)
    member_id, is_masked = order.member_id, not sees_people
    return shaped(
        StaffOrderView, shown, member_id=member_id, handled_by=handled_by, is_masked=is_masked
    )


def _parcel(parcel: Parcel, details: OrderDetails) -> ParcelView:
    told = details.tracking.get(parcel.tracking_number, ())
    events = [shaped(ParcelEventView, event) for event in told]
    return ParcelView(parcel.carrier, parcel.tracking_number, parcel.quantities, events)


def booking_view(booking: Booking) -> BookingView:
    until = None if booking.until_ms is None else rfc3339_ms(booking.until_ms)
    return BookingView(rfc3339_ms(booking.at_ms), booking.note, until, booking.missed)


def _masked(seen: OrderView) -> OrderView:
    address = seen.address.masked if seen.address else None
    booking = msgspec.structs.replace(seen.booking, note=None) if seen.booking else None
    return msgspec.structs.replace(seen, address=address, booking=booking, note=None)


def _timeline(order: Order, language: str) -> list[StepView]:
    """The order's steps and the events of its money, by time."""
    told = [
        (step.at_ms, shaped(StepView, step, note=note_in(language, step.note)))
        for step in order.steps
    ]
    for event in rules_of_payments.events_of(order):
        status = next((x.status for x in reversed(order.steps) if x.at_ms <= event.at_ms), None)
        shown = cast(Status, status or order.steps[0].status)
        if said := cash_views.cash_event_text(event, language):
            told.append((event.at_ms, StepView(shown, rfc3339_ms(event.at_ms), "system", said)))
    return [view for _, view in sorted(told, key=lambda pair: pair[0])]
