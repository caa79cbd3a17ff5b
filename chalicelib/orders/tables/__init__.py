"""The items of orders."""

from chalicelib.orders.tables.discounts import PricingItem
from chalicelib.orders.tables.items import (
    ORDER,
    TAKEN,
    OrderItem,
    OrdersItem,
    ShippedItem,
    TakenItem,
    defer,
    put_order,
    sortable,
)
from chalicelib.orders.tables.tracking import TrackingItem
