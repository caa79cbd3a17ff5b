"""Reads of the catalog. No list scans: each is one query of a shelf and the stock of its page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Literal

import msgspec
from pynamodb.expressions.condition import Condition

from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.products import Kind, Listed, Price, Product, Status
from chalicelib.catalog.tables.items import (
    ADMIN_SHELF,
    ProductItem,
    ShelfItem,
    points_order,
    shelf_key,
)
from chalicelib.kernel import clock, cursors
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, NotFound, Words, or_not_found
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.tables import each_readable

Sort = Literal["newest", "points", "-points"]
_PRODUCT_ID = re.compile(r"prd_[a-z2-7]{26}\Z")
_LAST = "~"  # sorts after every product id


class ShelfQuery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Filters and order of the public list; a cursor is bound to those that are set."""

    category: str | None = None
    kind: Kind | None = None
    min_points: int | None = None
    max_points: int | None = None
    sort: Sort = "newest"


def virtual_skus() -> list[str]:
    """The SKUs of all virtual goods, on sale or not. Each has a pool of codes."""
    rows = ShelfItem.query(f"SHELF#{ADMIN_SHELF}", None, ShelfItem.kind == "virtual")
    return [sku for row in rows for sku in row.skus]


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


def list_shown(asked: ShelfQuery, page: PageQuery, now: datetime) -> Page[Listed]:
    """A page of the products on sale now.

    Raises Invalid, InvalidCursor.
    """
    least, most = asked.min_points or 0, asked.max_points
    if most is not None and most < least:
        words = Words("不得小于 min_points", "must not be less than min_points")
        raise Invalid(FieldError("max_points", "less_than_min_points", words))
    filters = _on_sale_at(clock.to_ms(now))
    keys, index, page_size = None, "newest", None
    if asked.sort != "newest":
        keys, index = _points_keys(least, most), "by_points"
    elif asked.min_points is not None or most is not None:
        filters &= _points_filter(least, most)
        page_size = FILTERED_PAGE

    query = partial(
        ShelfItem.query,
        shelf_key(asked.category, asked.kind),
        keys,
        filters,
        index_name=index,
        scan_index_forward=asked.sort == "points",
        page_size=page_size,
    )
    scope = "products:" + msgspec.json.encode(asked).decode()
    found = cursors.page(scope, page, query, _row, leave_out_unreadable=True)
    earlier = partial(find_offers, consistent=False)
    return _with_stock(found, lambda skus: each_readable(skus, earlier))


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
    return _with_stock(found, partial(find_offers, consistent=True))


def _row(item: ShelfItem) -> ShelfItem:
    return item


def _with_stock(
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


def _on_sale_at(at_ms: int) -> Condition:
    begins, ends = ShelfItem.on_sale_from, ShelfItem.on_sale_until
    begun: Condition = begins.does_not_exist() | (begins <= at_ms)
    not_over: Condition = ends.does_not_exist() | (ends > at_ms)
    both: Condition = begun & not_over
    return both


def _points_keys(least: int, most: int | None) -> Condition:
    if most is None:
        return ShelfItem.by_points >= points_order(least)
    return ShelfItem.by_points.between(points_order(least), points_order(most) + _LAST)


def _points_filter(least: int, most: int | None) -> Condition:
    if most is None:
        return ShelfItem.points >= least
    return ShelfItem.points.between(least, most)


def pictures_of(product_ids: Iterable[str]) -> dict[str, str | None]:
    """The first picture of each product, a hundred in a request, as of a moment ago."""
    keys = [(f"PRD#{each}", "PRODUCT") for each in dict.fromkeys(product_ids)]
    found = ProductItem.batch_get(keys) if keys else ()
    return {item.product.id: item.product.picture for item in found}
