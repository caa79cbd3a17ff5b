"""The items of orders."""

from chalicelib.orders.tables.items import (
    ORDER,
    TAKEN,
    OrderItem,
    OrdersItem,
    ShippedItem,
    TakenItem,
    TrackingItem,
    defer,
    put_order,
    sortable,
)
