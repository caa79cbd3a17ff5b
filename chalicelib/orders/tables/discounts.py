"""Why an order costs what it costs, beside it: <order> PRICING. It is written once."""

from __future__ import annotations

import zlib

import msgspec

from chalicelib.kernel.store.attributes import BytesAttribute
from chalicelib.orders.rules.discounts import Discounts
from chalicelib.orders.tables.items import OrdersItem

PRICING = "PRICING"


class PricingItem(OrdersItem):
    """The discounts of an order; under 1 KB for a campaign and a coupon on some lines."""

    packed = BytesAttribute()

    @classmethod
    def of(cls, order_id: str, discounts: Discounts) -> PricingItem:
        packed = zlib.compress(msgspec.msgpack.encode(discounts), 9)
        return cls(order_id, PRICING, packed=packed)

    def value(self) -> Discounts:
        return msgspec.msgpack.decode(zlib.decompress(self.packed), type=Discounts)
