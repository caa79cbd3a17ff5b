"""What orders were when they were placed: for the cost of what points bought."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.finance.rules.lines import Sold
from chalicelib.kernel.config import config
from chalicelib.orders import queries as orders
from chalicelib.orders.rules import Order


def find_sold(order_ids: Iterable[str]) -> dict[str, Sold]:
    """By order id; who is not an order of ours is left out. A request for each hundred ids."""
    found = orders.find_orders(sorted(set(order_ids)))
    return {order_id: _sold(order) for order_id, order in found.items()}


def _sold(order: Order) -> Sold:
    costs = [line.cost for line in order.lines]
    known = [cost for cost in costs if cost is not None]
    return Sold(
        points=order.points, cash=order.cash, currency=order.currency or config().currency,
        cost=sum(known) if len(known) == len(costs) else None,
    )  # fmt: skip
