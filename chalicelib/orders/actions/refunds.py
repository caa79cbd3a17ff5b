"""The staff refunds units of an order, or takes back an unpaid parcel."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib import audit
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.actions import returning
from chalicelib.orders.actions.acts import change_order
from chalicelib.orders.rules import Order, OrderAct, refunds


def refund(
    order_id: str, quantities: Mapping[str, int], refund_id: str, act: OrderAct, audited: audit.Act
) -> tuple[Order, bool]:
    """Refund some units of an order, or all that are left: (order, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, OrderDisputed,
    RefundExceedsOrder.
    """

    def change(writes: WriteSet, order: Order) -> Order:
        after, made = refunds.refund_units(order, quantities, refund_id, act)
        returning.refund(writes, order, after, made, act)
        seen, given = len(order.refunds), {"points": made.points, "cash": made.cash}
        audit.record(
            writes, audited.changing({"refunds": seen}, {"refunds": len(after.refunds), **given})
        )
        return after

    return change_order(order_id, act, None, change)


def return_to_sender(
    order_id: str, refund_id: str, act: OrderAct, audited: audit.Act
) -> tuple[Order, bool]:
    """Take back an unpaid parcel of an order on delivery: (order, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, NotCollected, ReturnOpen.
    """

    def change(writes: WriteSet, order: Order) -> Order:
        after, made = refunds.return_to_sender(order, refund_id, act)
        uncollected = returning.return_to_sender(writes, order, made, act)
        points = made.points if made else 0
        before, now = {"status": order.status}, {"points": points, "uncollected": uncollected}
        audit.record(writes, audited.changing({**before}, {**now}))
        return after

    return change_order(order_id, act, None, change)
