"""Bookings of slots: seats are taken and given back in the transaction of their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib import catalog
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.errors import SlotBookedAlready, SlotRequired
from chalicelib.orders.rules import SERVICE, VIRTUAL, Booking, Order
from chalicelib.orders.rules.quoting import Request
from chalicelib.orders.rules.stock import seats, slot_of
from chalicelib.orders.tables.counter import BookedItem


class Place(NamedTuple):
    """When and where an order is fulfilled; both are None where a carrier brings it."""

    booking: Booking | None = None
    store_id: str | None = None
    slot: catalog.Slot | None = None


class WantedPlace(NamedTuple):
    """The slot and the store that a request names, as they were found."""

    slot: catalog.Slot | None
    store: catalog.Store | None


def want_place(reads: ReadSet, request: Request, *, consistent: bool) -> Callable[[], WantedPlace]:
    """Want the slot and the store of a request: a function that gives them after `read`."""
    slot: Callable[[], catalog.Slot | None] = lambda: None  # noqa: E731
    store: Callable[[], catalog.Store | None] = lambda: None  # noqa: E731
    if request.slot_id is not None:
        slot = catalog.want_slot(reads, request.slot_id, consistent=consistent)
    if request.pickup_store_id is not None:
        store = catalog.want_store(reads, request.pickup_store_id, consistent=consistent)
    return lambda: WantedPlace(slot(), store())


def place_of(
    request: Request, offers: Sequence[catalog.Offer], found: WantedPlace, now: datetime
) -> Place:
    """Where and when an order of goods of one kind is fulfilled.

    Raises Invalid, SlotInThePast, SlotClosed, SlotFull.
    """
    store_id, kind = request.pickup_store_id, offers[0].kind
    if store_id is not None and kind == VIRTUAL:
        words = Words("卡券无需到店领取", "codes are not fetched at a store")
        raise Invalid(FieldError("pickup_store_id", "not_for_this_kind", words))
    if store_id is not None and (found.store is None or found.store.status != "open"):
        raise catalog.unknown_store("pickup_store_id")
    if kind != SERVICE:
        _check_unbooked(request)
        return Place(store_id=store_id)
    if request.slot_id is None:
        return Place(request.booking, store_id)
    products = [offer.product_id for offer in offers]
    slot = checked(found.slot, products, sum(item.quantity for item in request.items), now)
    if store_id is not None and slot.store_id not in (None, store_id):
        words = Words("该时段在其他门店", "the slot is at another store")
        raise Invalid(FieldError("pickup_store_id", "other_store", words))
    note = request.booking.note if request.booking else None
    return Place(booked_for(slot, note), slot.store_id or store_id, slot)


def _check_unbooked(request: Request) -> None:
    """Raises Invalid where goods that are sent, or shown at once, are booked for a time."""
    if request.booking is not None:
        words = Words("仅服务可预约时间", "only services are booked for a time")
        raise Invalid(FieldError("booking", "not_for_this_kind", words))


def check_booked(place: Place, offers: Sequence[catalog.Offer], now: datetime) -> None:
    """Check that a service has a time to come, in a slot if it has slots.

    Raises Invalid, SlotRequired.
    """
    if offers[0].kind == SERVICE and place.slot is None:
        check_free_time(place.booking, [offer.product_id for offer in offers], now)


def release(writes: WriteSet, order: Order, after: Order) -> None:
    """Add to a transaction: give back the seats that an order no longer holds."""
    slot_id, given = slot_of(order), seats(order) - seats(after)
    if slot_id is None or given <= 0:
        return
    catalog.release_seats(writes, slot_id, given)
    if not seats(after):
        writes.delete(BookedItem.key(slot_id, order.member_id))


def take(writes: WriteSet, order: Order, slot: catalog.Slot | None) -> None:
    """Add to a transaction: take the seats of an order, once for a member and a slot.

    The commit raises Moved if too few are left, SlotBookedAlready.
    """
    if slot is None:
        return
    catalog.take_seats(writes, slot, sum(line.left for line in order.lines))
    booked = BookedItem.key(slot.id, order.member_id)
    booked.order_id = order.id
    writes.put_new(booked, or_raise=SlotBookedAlready)


def booked_for(slot: catalog.Slot, note: str | None) -> Booking:
    return Booking(slot.starts_at_ms, note, slot.ends_at_ms)


def checked(
    slot: catalog.Slot | None, products: Sequence[str], units: int, now: datetime
) -> catalog.Slot:
    """A slot that was found, for units of these products.

    Raises Invalid, SlotInThePast, SlotClosed, SlotFull.
    """
    if slot is None:
        words = Words("没有这个时段", "no such slot")
        raise Invalid(FieldError("booking.slot_id", "unknown_slot", words))
    if set(products) != {slot.product_id}:
        words = Words("该时段不属于此服务", "is of another service")
        raise Invalid(FieldError("booking.slot_id", "other_product", words))
    catalog.check_bookable(slot, units, now)
    return slot


def check_free_time(booking: Booking | None, products: Sequence[str], now: datetime) -> None:
    """Raises Invalid, SlotRequired."""
    if booking is None or booking.at_ms <= to_ms(now):
        said = "is required: a service is booked for a time to come"
        if booking is not None:
            said = "must be a time to come"
        words = Words("请预约一个将来的时间", said)
        raise Invalid(FieldError("booking.at", "booking_required", words))
    if any(catalog.has_slots(product_id) for product_id in dict.fromkeys(products)):
        raise SlotRequired()
