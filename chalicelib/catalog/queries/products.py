"""Reads of products and their stock, and the lists of the staff."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.products import Listed, Price, Product, Status
from chalicelib.catalog.tables.items import (
    ADMIN_SHELF,
    ProductItem,
    ShelfItem,
)
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery
from chalicelib.kernel.errors import NotFound, or_not_found
from chalicelib.kernel.shapes import shaped

_PRODUCT_ID = re.compile(r"prd_[a-z2-7]{26}\Z")


def virtual_skus() -> list[str]:
    """The SKUs of all virtual goods, on sale or not. Each has a pool of codes."""
    rows = ShelfItem.query(f"SHELF#{ADMIN_SHELF}", None, ShelfItem.kind == "virtual")
    return [sku for row in rows for sku in row.skus]


def count_products() -> int:
    """How many products there are; it reads all rows of the staff's shelf."""
    return ShelfItem.count(f"SHELF#{ADMIN_SHELF}")


def find_product_item(product_id: str, *, consistent: bool) -> ProductItem:
    """The stored item of a product.

    Raises NotFound, also for a malformed id.
    """
    known = _PRODUCT_ID.match(product_id)
    return or_not_found(ProductItem.read(product_id, consistent=consistent) if known else None)


def get_product(product_id: str) -> Product:
    """A product as ops see it.

    Raises NotFound.
    """
    return find_product_item(product_id, consistent=True).product


def get_shown_product(product_id: str, now: datetime) -> Product:
    """A product as the public sees it.

    Raises NotFound, also for a product that is not on sale now.
    """
    product = find_product_item(product_id, consistent=False).product
    if not product.shown(now):
        raise NotFound()
    return product


def available_of(product: Product, *, consistent: bool) -> dict[str, int]:
    """Available units by SKU; 0 for a SKU whose stock is not visible yet."""
    offers = find_offers([sku.sku for sku in product.skus], consistent=consistent)
    left = {sku.sku: 0 for sku in product.skus}
    return left | {sku: offer.available for sku, offer in offers.items()}


def list_all(status: Status | None, page: PageQuery) -> Page[Listed]:
    """A page of all products for ops, newest first.

    Raises InvalidCursor.
    """

    query = partial(
        ShelfItem.query,
        f"SHELF#{ADMIN_SHELF}",
        None,
        ShelfItem.status == status if status else None,
        index_name="newest",
        scan_index_forward=False,
        consistent_read=True,
        page_size=FILTERED_PAGE if status else None,
    )
    found = cursors.page(f"admin-products:{status}", page, query, _row)
    return with_stock(found, partial(find_offers, consistent=True))


def _row(item: ShelfItem) -> ShelfItem:
    return item


def with_stock(
    found: Page[ShelfItem], find: Callable[[Sequence[str]], dict[str, Offer]]
) -> Page[Listed]:
    offers = find([sku for row in found.data for sku in row.skus])
    data = [
        _listed(row, sum(offers[sku].available for sku in row.skus if sku in offers))
        for row in found.data
    ]
    return Page(data, found.next_cursor)


def _listed(row: ShelfItem, available: int) -> Listed:
    price, at_ms = row.price or Price(points=row.points), row.created_at
    return shaped(Listed, row, price=price, available=available, created_at_ms=at_ms)


def pictures_of(product_ids: Iterable[str]) -> dict[str, str | None]:
    """The first picture of each product, a hundred in a request, as of a moment ago."""
    keys = [(f"PRD#{each}", "PRODUCT") for each in dict.fromkeys(product_ids)]
    found = ProductItem.batch_get(keys) if keys else ()
    return {item.product.id: item.product.picture for item in found}
