"""What goes back of an order, in points and cash as it was paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.orders.errors import OrderDisputed, RefundExceedsOrder
from chalicelib.orders.rules.orders import (
    APPROVED,
    COMPLETED,
    DELIVERED,
    SHIPPED,
    Act,
    Line,
    Order,
    Refund,
    record,
)
from chalicelib.orders.rules.pricing import part

# Before that an order is cancelled or rejected as a whole.
REFUNDABLE = {APPROVED, SHIPPED, DELIVERED, COMPLETED}


def refund_units(
    order: Order, quantities: Mapping[str, int], refund_id: str, act: Act
) -> tuple[Order, Refund]:
    """Give back for so many units by SKU, each line in the ratio that it was paid in.

    No quantities are all units that are left. All refunds of a line sum to it exactly.

    Raises NotAllowedInThisState, OrderDisputed, RefundExceedsOrder.
    """
    if order.disputed:
        raise OrderDisputed()
    if order.status not in REFUNDABLE:
        raise NotAllowedInThisState(status=order.status)
    wanted = dict(quantities) or {line.sku: line.quantity - line.refunded for line in order.lines}
    points = cash = 0
    lines = []
    for line in order.lines:
        more = wanted.pop(line.sku, 0)
        _check_left(line, more)
        points += part(line.points, line.quantity, line.refunded, more)
        cash += part(line.cash, line.quantity, line.refunded, more)
        lines.append(msgspec.structs.replace(line, refunded=line.refunded + more))
    if wanted:
        raise RefundExceedsOrder(sku=min(wanted), refundable=0)
    if tuple(lines) == order.lines:
        raise RefundExceedsOrder(sku=lines[0].sku, refundable=0)
    made = Refund(refund_id, points, cash, act.at_ms, act.content, act.note)
    after = replace(order, lines=tuple(lines), refunds=(*order.refunds, made))
    if order.status == APPROVED and order.parcels and not after.unshipped():
        # What was still to be sent is not any more: the parcels hold all of it.
        after = replace(after, status=SHIPPED)
    return record(after, act), made


def refund_all(order: Order, refund_id: str, act: Act) -> tuple[Order, Refund]:
    """Give back whatever of the order has not gone back yet."""
    points = order.points - order.points_refunded
    cash = order.cash - order.cash_refunded
    made = Refund(refund_id, points, cash, act.at_ms, act.content, act.note)
    lines = tuple(msgspec.structs.replace(line, refunded=line.quantity) for line in order.lines)
    return replace(order, lines=lines, refunds=(*order.refunds, made)), made


def _check_left(line: Line, more: int) -> None:
    left = line.quantity - line.refunded
    if more > left:
        raise RefundExceedsOrder(sku=line.sku, refundable=left)
