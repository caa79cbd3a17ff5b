"""How an order stores its booking, the time as the first release did, and its freight."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.orders.rules.bookings import Booking
from chalicelib.orders.rules.cash import OrderFreight


class BookedTime(msgspec.Struct, frozen=True):
    """What the first release stored of a booking."""

    at_ms: int
    note: str | None = None


def booked_of(booking: Booking | None) -> dict[str, Any]:
    """The attributes of a booking; none where there is none."""
    if booking is None:
        return {}
    return {
        "booking": BookedTime(booking.at_ms, booking.note),
        "booked_until": booking.until_ms,
        "missed": booking.missed or None,
    }


def booking_of(
    time: BookedTime | None, until_ms: int | None, missed: bool | None
) -> Booking | None:
    return None if time is None else Booking(time.at_ms, time.note, until_ms, bool(missed))


def freight_of(freight: OrderFreight | None) -> dict[str, Any]:
    """The attributes of an order's freight, none where it is free."""
    told = freight or OrderFreight()
    return {
        "freight": told.cash or None,
        "freight_points": told.points or None,
        "freight_back": told.returned or None,
    }
