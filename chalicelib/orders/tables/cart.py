"""Carts: CART#<member> CART, one write unit while it is under 1 KB (40 lines of short SKUs)."""

from __future__ import annotations

import msgspec

from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute
from chalicelib.orders.rules.cart import Cart, CartLine
from chalicelib.orders.tables.items import OrdersItem

CART = "CART"
_PREFIX = "CART#"
_DEFAULTS = tuple(field.default for field in msgspec.structs.fields(CartLine))


class CartItem(OrdersItem):
    """All lines of a member's cart in rows of MessagePack, whose last values are left out where
    they are the default."""

    version = IntegerAttribute()
    rows = BytesAttribute()

    @classmethod
    def key(cls, member_id: str) -> CartItem:
        return cls(f"{_PREFIX}{member_id}", CART)

    @classmethod
    def of(cls, cart: Cart) -> CartItem:
        item = cls.key(cart.member_id)
        item.version, item.rows = cart.version, msgspec.msgpack.encode(list(map(_row, cart.lines)))
        return item

    def value(self) -> Cart:
        rows = msgspec.msgpack.decode(self.rows)
        width = len(_DEFAULTS)
        lines = tuple(msgspec.convert(row[:width], CartLine) for row in rows)
        return Cart(self.pk.removeprefix(_PREFIX), self.version, lines)


def _row(line: CartLine) -> list[object]:
    row = list(msgspec.structs.astuple(line))
    while row[-1] == _DEFAULTS[len(row) - 1]:
        row.pop()
    return row
