"""Reads of what lowered the prices of orders."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.orders.rules import Order
from chalicelib.orders.rules.discounts import NOTHING, Discounts
from chalicelib.orders.tables.discounts import PRICING, PricingItem


def discounts_of(order: Order) -> Discounts:
    """What lowered the price of an order: nothing is read where nothing did."""
    if not order.discounted:
        return NOTHING
    found: Discounts | None = PricingItem.find_value(order.id, PRICING)
    assert found is not None, "a discounted order keeps what lowered its price"
    return found


def all_discounts_of(orders: Sequence[Order]) -> dict[str, Discounts]:
    """The same of several orders, by order: a hundred in a request."""
    keys = [(order.id, PRICING) for order in orders if order.discounted]
    return {item.pk: item.value() for item in PricingItem.batch_get(keys)} if keys else {}
