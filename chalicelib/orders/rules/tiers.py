"""What an order counts for its member's tier: the cash that was paid and has not gone back."""

from __future__ import annotations

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.orders.rules.orders import Order
from chalicelib.tiers import ActivityRecorded


def activity_of(before: Order | None, order: Order) -> ActivityRecorded | None:
    """What a change of an order adds to what it counts, or takes from it; None if nothing.

    Each change counts in the month in which the order was paid, so a refund lowers that month.
    """
    spend, orders = _counted(order)
    spent, counted = _counted(before) if before else (0, 0)
    if (spend, orders) == (spent, counted):
        return None
    return ActivityRecorded(
        member_id=order.member_id,
        reference=f"{order.id}:{order.version}",
        counted_at=rfc3339_ms(order.decided_at_ms),
        spend=spend - spent,
        orders=orders - counted,
    )


def _counted(order: Order) -> tuple[int, int]:
    """Minor units of cash, and whether it is an order with any."""
    spend = 0 if order.paid is None else max(0, order.cash - order.cash_refunded)
    return spend, 1 if spend else 0
