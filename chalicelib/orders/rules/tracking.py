"""Carriers' events of parcels. The events that came decide, in whatever order they came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from chalicelib.orders.rules.orders import SHIPPED, Order

ParcelEventType = Literal["picked_up", "in_transit", "delivered", "returned"]


class ParcelEvent(msgspec.Struct, frozen=True):
    """An event of a parcel, under the carrier's own id of it."""

    id: str
    type: ParcelEventType
    at_ms: int
    place: str | None = None


def is_delivered(events: Iterable[ParcelEvent]) -> bool:
    return any(event.type == "delivered" for event in events)


def awaits_carrier(order: Order) -> bool:
    """Whether a carrier's word moves an order: all its units are in parcels on their way."""
    return order.status == SHIPPED and bool(order.parcels)
