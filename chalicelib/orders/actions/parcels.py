"""Parcels of an order: recorded one by one, until all units are shipped."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import msgspec

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders import rules
from chalicelib.orders.actions import returning
from chalicelib.orders.actions.acts import change_order
from chalicelib.orders.rules import Order, OrderAct, Parcel
from chalicelib.orders.tables import TrackingItem


def ship(order_id: str, act: OrderAct, parcel: Parcel) -> tuple[Order, bool]:
    """Record a parcel; the last one makes the order shipped: (order, replayed).

    A parcel without quantities takes all units left.

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, Invalid, OrderDisputed,
    OutOfStock.
    """

    def change(writes: WriteSet, order: Order) -> Order:
        shipped = rules.next_status(order, act.name)
        left = order.unshipped()
        packed = parcel.quantities or left
        for sku, quantity in packed.items():
            if quantity > left.get(sku, 0):
                raise _too_many(order, sku, left.get(sku, 0))
        full = not Counter(left) - Counter(packed)
        if found_by := TrackingItem.of(order.id, order.created_at_ms, parcel.tracking_number):
            writes.put(found_by)
        sent = replace(
            order, parcels=(*order.parcels, msgspec.structs.replace(parcel, quantities=packed))
        )
        returning.reserve_again(writes, order, sent)
        return rules.record(replace(sent, status=shipped if full else order.status), act)

    return change_order(order_id, act, None, change)


def _too_many(order: Order, sku: str, left: int) -> Invalid:
    titles = {line.sku: line.title for line in order.lines}
    zh, en = titles.get(sku, Words(sku, sku))
    words = Words(f"「{zh}」还可发 {left} 件", f"{left} of “{en}” are left to ship")
    return Invalid(FieldError("lines", "more_than_ordered", words))
