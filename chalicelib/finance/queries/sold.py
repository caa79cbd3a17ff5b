"""Orders as they were placed: goods, costs, members."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib import orders
from chalicelib.finance.rules.lines import Good, SoldOrder
from chalicelib.kernel.config import config
from chalicelib.orders import Order


def find_sold_orders(order_ids: Iterable[str]) -> dict[str, SoldOrder]:
    """The orders by id, unknown ids left out; one request for each hundred ids."""
    found = orders.find_orders(sorted(set(order_ids)))
    return {order_id: _sold(order) for order_id, order in found.items()}


def _sold(order: Order) -> SoldOrder:
    costs = [line.cost for line in order.lines]
    known = [cost for cost in costs if cost is not None]
    return SoldOrder(
        points=order.points,
        cash=order.cash,
        currency=order.currency or config().currency,
        cost=sum(known) if len(known) == len(costs) else None,
        member=order.member_id,
        placed_at_ms=order.created_at_ms,
        method=order.method,
        goods=tuple(
            Good(line.sku, line.title_zh, line.title_en, line.quantity) for line in order.lines
        ),
        freight=order.freight.cash if order.freight else 0,
        states=tuple((step.at_ms, step.status) for step in order.steps),
    )
