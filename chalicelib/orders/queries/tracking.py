"""Reads of parcels on their way."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.kernel.spelling import letters_of
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.tracking import ParcelEvent
from chalicelib.orders.tables import TrackingItem
from chalicelib.orders.tables.tracking import ParcelEventItem

_MOST = 100


def events_of(tracking_number: str, *, consistent: bool) -> list[ParcelEvent]:
    """The events of a parcel, by their time: a hundred at most."""
    found = ParcelEventItem.query(
        ParcelEventItem.key_of(tracking_number), limit=_MOST, consistent_read=consistent
    )
    return sorted((item.value() for item in found), key=lambda event: (event.at_ms, event.id))


def tracking_of(order: Order) -> Mapping[str, list[ParcelEvent]]:
    """The events of an order's parcels by tracking number, as of a moment ago: one query each."""
    numbers = dict.fromkeys(parcel.tracking_number for parcel in order.parcels)
    return {number: events_of(number, consistent=False) for number in numbers}


def orders_in(tracking_number: str) -> list[str]:
    """The ids of the orders in a parcel, consistently."""
    number = letters_of(tracking_number)
    if not number:
        return []
    found = TrackingItem.query(TrackingItem.key_of(number), consistent_read=True)
    return [item.order_id for item in found]
