"""An order as its stream tells it."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel.store.streams import Change
from chalicelib.orders.rules import Order
from chalicelib.orders.tables import OrderItem


def image(order: Order) -> Any:
    return OrderItem.of(order).to_dynamodb_dict()


def change(before: Order, after: Order) -> Change:
    """The stream record of a changed order."""
    return Change("1", image(before), image(after))
