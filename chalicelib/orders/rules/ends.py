"""How an order ended for its coupon and its campaigns."""

from __future__ import annotations

from chalicelib.orders.rules.orders import COMPLETED, UNDOES, Order

# It died, so all goes back; it is complete; or it was complete, and all of it was returned.
DEAD, USED, RETURNED = "dead", "used", "returned"


def end_of(order: Order) -> str | None:
    """How an order ended; None if it goes on."""
    if order.status in UNDOES:
        return DEAD
    if order.is_refunded:
        return RETURNED if order.status == COMPLETED else DEAD
    return USED if order.status == COMPLETED else None
