"""Bookings moved to another time, by the member or the staff."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from chalicelib import catalog
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.actions import booking, vouchers
from chalicelib.orders.actions.acts import change_order
from chalicelib.orders.errors import SlotBookedAlready
from chalicelib.orders.rules import Booking, Order, OrderAct, next_status, record
from chalicelib.orders.rules.stock import slot_of
from chalicelib.orders.rules.vouchers import check_may_reschedule
from chalicelib.orders.rules.words import RESCHEDULED


class Wish(NamedTuple):
    """The time that a member wants: a slot, or a free time in epoch milliseconds."""

    slot_id: str | None
    at_ms: int
    note: str | None = None


def reschedule(
    order_id: str, act: OrderAct, wish: Wish, member_id: str | None = None
) -> tuple[Order, bool]:
    """Move a booking to another time, all or nothing: (order, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, OrderDisputed, Invalid,
    RescheduleClosed, SlotRequired, SlotInThePast, SlotClosed, SlotFull, SlotBookedAlready.
    """
    now = from_ms(act.at_ms)

    def change(writes: WriteSet, order: Order) -> Order:
        next_status(order, act.name)
        check_may_reschedule(order, act.by, act.at_ms)
        products = [line.product_id for line in order.lines]
        seen = order.booking.note if order.booking else None
        note = wish.note if wish.note is not None else seen
        units = sum(line.left for line in order.lines)
        slot, store_id = None, order.store_id
        if wish.slot_id is not None:
            slot = booking.checked(catalog.find_slot(wish.slot_id), products, units, now)
            wanted, store_id = booking.booked_for(slot, note or None), slot.store_id or store_id
        else:
            wanted = Booking(wish.at_ms, note or None)
            booking.check_free_time(wanted, products, now)
        if slot is not None and slot.id == slot_of(order):
            raise SlotBookedAlready()
        moved = replace(order, booking=wanted, store_id=store_id)
        booking.release(writes, order, replace(order, booking=None))
        booking.take(writes, moved, slot)
        after = record(moved, replace(act, note=act.note or RESCHEDULED))
        vouchers.rebook(writes, after)
        return after

    return change_order(order_id, act, member_id, change)
