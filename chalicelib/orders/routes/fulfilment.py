"""Fulfilment of orders by the staff: ship, deliver, use."""

from __future__ import annotations

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog import OutOfStock
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.texts import Carrier, SkuCode, TrackingNumber
from chalicelib.kernel.web.http import Reply
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import parcels, tracking
from chalicelib.orders.errors import OrderDisputed
from chalicelib.orders.routes import examples
from chalicelib.orders.routes.act_requests import (
    Quantity,
    act_route,
    order_act_of,
    quantities_of,
    staff_act,
    staff_answer,
)
from chalicelib.orders.rules import MAX_LINES, Parcel

fulfilment = Blueprint(__name__)


class ShippedLine(msgspec.Struct, forbid_unknown_fields=True):
    sku: SkuCode
    quantity: Quantity


class ShipIn(msgspec.Struct, forbid_unknown_fields=True):
    """A parcel; without `lines` it holds all units not shipped yet."""

    carrier: Carrier
    tracking_number: TrackingNumber
    lines: Annotated[list[ShippedLine], msgspec.Meta(min_length=1, max_length=MAX_LINES)] | None = (
        None
    )


@act_route(
    fulfilment, "POST", "/v1/admin/orders/{id}/ship",
    summary="Record a parcel; the last parcel makes the order shipped",
    body=ShipIn, may_raise=[NotAllowedInThisState, OrderDisputed, OutOfStock],
    example={"request": {"carrier": "SF", "tracking_number": "SF1234567890"},
             "answer": examples.STAFF_ORDER},
)  # fmt: skip
def ship_order(call: Call) -> Reply:
    body: ShipIn = call.body
    parcel = Parcel(body.carrier, body.tracking_number, quantities_of(body.lines))
    act = order_act_of(call, "ship", "staff")
    order, replayed = parcels.ship(call.path["id"], act, parcel)
    # The carrier may have told of the parcel before the staff did.
    return staff_answer(call, (tracking.deliver_if_all(order, call.now), replayed))


@act_route(
    fulfilment,
    "POST",
    "/v1/admin/orders/{id}/deliver",
    summary="Record that a parcel was delivered",
)
def deliver_order(call: Call) -> Reply:
    return staff_act(call, "deliver")


@act_route(
    fulfilment, "POST", "/v1/admin/orders/{id}/use",
    summary="Record that a booked service was used",
    may_raise=[NotAllowedInThisState, OrderDisputed, OutOfStock],
)  # fmt: skip
def use_order(call: Call) -> Reply:
    return staff_act(call, "use")
