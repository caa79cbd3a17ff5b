"""SKUs, their stock and codes, as the API shows them to ops."""

from __future__ import annotations

import msgspec

from chalicelib.catalog.routes.views import Stock, stock_view
from chalicelib.catalog.rules import products
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.products import Kind, Localized
from chalicelib.kernel.shapes import shaped


class AdminSkuView(msgspec.Struct):
    """A SKU with its terms of sale; cash in minor units of the stage's currency. `version` counts
    changes of its shards and marks.
    """

    sku: str
    product_id: str
    title: Localized
    kind: Kind
    points: int
    cash: int
    cash_equivalent: int | None
    status: products.Status
    specs: dict[str, str]
    stock: Stock
    shards: int
    low_mark: int | None
    high_mark: int | None
    version: int


class RestockView(msgspec.Struct):
    """A restock or correction; `available` is the number of units now."""

    id: str
    sku: str
    quantity: int
    available: int
    reason: str
    created_at: str


class ImportView(msgspec.Struct):
    """An import of codes; `free` is the number of free codes in the pool now."""

    id: str
    sku: str
    imported: int
    duplicates: int
    free: int


class PoolView(msgspec.Struct):
    sku: str
    free: int
    issued: int


def admin_sku(offer: Offer) -> AdminSkuView:
    return shaped(AdminSkuView, offer, stock=stock_view(offer.available, offer.low_mark))
