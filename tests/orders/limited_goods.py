"""Goods of which a member may take some only, and their stock."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import clock
from tests.orders.cashier import PRICE, Cashier
from tests.orders.parcels import act

STOCK, LIMIT, ORDERED = 10, 3, 3


def limited(cashier: Cashier, kind: str) -> str:
    """A SKU for points and cash of which one member may take three."""
    return cashier.world.sku(kind=kind, stock=STOCK, limits={"per_member": LIMIT}, price=PRICE)


def placed(cashier: Cashier, kind: str) -> Any:
    """A paid order of three units without further acts."""
    cashier.world.address(cashier.member)
    booked = {"at": clock.rfc3339(clock.now().replace(year=2088))}
    other = {"booking": booked} if kind == "service" else {}
    order = cashier.place(limited(cashier, kind), ORDERED, **other)
    order["intent"] = cashier.pay(order["id"])
    if kind == "physical":
        for step in ("take", "approve"):
            assert act(cashier, order, step).status == 200
    return order


def sku_of(order: Any) -> str:
    sku: str = order["lines"][0]["sku"]
    return sku


def left(cashier: Cashier, order: Any) -> int:
    return cashier.world.stock(sku_of(order))
