"""The facts of the catalog."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class ProductChanged(FactData, frozen=True):
    """A product was made or changed: `version` counts its changes."""

    TYPE: ClassVar[str] = "catalog.product_changed"
    IS_INTERNAL: ClassVar[bool] = True

    product_id: str
    version: int


class GoodsOrdered(FactData, frozen=True):
    """An order was placed and paid, or is due on delivery: `units` of each product."""

    TYPE: ClassVar[str] = "catalog.goods_ordered"
    IS_INTERNAL: ClassVar[bool] = True

    order_id: str
    units: dict[str, int]


class StockCrossed(FactData, frozen=True):
    """The stock of a SKU fell to its low mark (`level` is `low`) or rose above its high one
    (`high`): told once until it has come back. `available` were its units then.
    """

    TYPE: ClassVar[str] = "catalog.stock_crossed"

    sku: str
    product_id: str
    level: str
    mark: int
    available: int
