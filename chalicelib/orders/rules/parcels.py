"""Parcels of an order: the units that each may hold, and the last one."""

from __future__ import annotations

from collections import Counter

import msgspec
from msgspec.structs import replace

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.orders.rules.orders import Order, OrderAct, Parcel, next_status, record


def ship(order: Order, parcel: Parcel, act: OrderAct) -> Order:
    """The order with one more parcel; the last one makes it shipped.

    A parcel without quantities takes all units left.

    Raises NotAllowedInThisState, OrderDisputed, Invalid.
    """
    shipped, left = next_status(order, act.name), order.unshipped()
    packed = parcel.quantities or left
    for sku, quantity in packed.items():
        if quantity > left.get(sku, 0):
            raise _too_many(order, sku, left.get(sku, 0))
    is_last = not Counter(left) - Counter(packed)
    parcels = (*order.parcels, msgspec.structs.replace(parcel, quantities=packed))
    status = shipped if is_last else order.status
    return record(replace(order, parcels=parcels, status=status), act)


def _too_many(order: Order, sku: str, left: int) -> Invalid:
    titles = {line.sku: line.title for line in order.lines}
    zh, en = titles.get(sku, Words(sku, sku))
    words = Words(f"「{zh}」还可发 {left} 件", f"{left} of “{en}” are left to ship")
    return Invalid(FieldError("lines", "more_than_ordered", words))
