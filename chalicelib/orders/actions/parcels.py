"""Parcels of an order: recorded one by one, until all units are shipped.

Delivery and receipt are plain acts: `acts.py`.
"""

from __future__ import annotations

from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.actions import returning
from chalicelib.orders.actions.acts import change_order
from chalicelib.orders.rules import Order, OrderAct, Parcel, parcels
from chalicelib.orders.tables import TrackingItem


def ship(order_id: str, act: OrderAct, parcel: Parcel) -> tuple[Order, bool]:
    """Record a parcel; the last one makes the order shipped: (order, replayed).

    A parcel without quantities takes all units left.

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, Invalid, OrderDisputed,
    OutOfStock.
    """

    def change(writes: WriteSet, order: Order) -> Order:
        after = parcels.ship(order, parcel, act)
        let_find(writes, order, parcel)
        returning.reserve_again(writes, order, after)
        return after

    return change_order(order_id, act, None, change)


def let_find(writes: WriteSet, order: Order, parcel: Parcel) -> None:
    """Add the look-up by which the staff finds an order by the number of a parcel."""
    if found_by := TrackingItem.of(order.id, order.created_at_ms, parcel.tracking_number):
        writes.put(found_by)
