"""Reads of products and their stock, and the lists of the staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from chalicelib.catalog.queries.openings import shown_before
from chalicelib.catalog.queries.ratings import want_ratings
from chalicelib.catalog.queries.summaries import want_units
from chalicelib.catalog.rules.movements import StockSummary
from chalicelib.catalog.rules.products import Listed, Price, Product, Status
from chalicelib.catalog.rules.ratings import Rating
from chalicelib.catalog.rules.spec_words import Look
from chalicelib.catalog.tables.items import (
    ADMIN_SHELF,
    PRODUCT,
    ProductItem,
    ShelfItem,
)
from chalicelib.catalog.tables.movements import SummaryItem
from chalicelib.catalog.tables.ratings import RatedItem, RatingItem
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery
from chalicelib.kernel.errors import NotFound, or_not_found
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.recall import Recall
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.tables import each_readable

_CATEGORIES: Recall[str, str] = Recall(60, 10_000)


def all_skus() -> list[str]:
    """The SKUs of all goods, on sale or not."""
    return [sku for row in ShelfItem.query(f"SHELF#{ADMIN_SHELF}") for sku in row.skus]


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
    known = is_id("prd", product_id)
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
    if not product.shown(now, shown_before()):
        raise NotFound()
    return product


class Shown(NamedTuple):
    """A product as the public sees it, its rating, and its stock in short, if that is kept."""

    product: Product
    rating: Rating
    stock: StockSummary | None


def get_shown(product_id: str, now: datetime) -> Shown:
    """A product as the public sees it, by one query.

    Raises NotFound, also for a product that is not on sale now.
    """
    found = RatedItem.beside(product_id) if is_id("prd", product_id) else []
    product = next((each.product for each in found if isinstance(each, ProductItem)), None)
    rating = next((each.value() for each in found if isinstance(each, RatingItem)), Rating())
    if product is None or not product.shown(now, shown_before()):
        raise NotFound()
    stock = next((each.value() for each in found if isinstance(each, SummaryItem)), None)
    return Shown(product, rating, stock)


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
    return with_stock(found, consistent=True)


def _row(item: ShelfItem) -> ShelfItem:
    return item


def with_stock(found: Page[ShelfItem], *, consistent: bool) -> Page[Listed]:
    """The rows of a page with stock and ratings, in one batch read.

    Unless `consistent`, a product whose stock cannot be read has none.

    Raises Unreadable if `consistent`.
    """
    rows = {row.product_id: row for row in found.data}

    def read(product_ids: Sequence[str]) -> dict[str, Listed]:
        return _listed([rows[each] for each in product_ids], consistent=consistent)

    ids = list(rows)
    listed = read(ids) if consistent else each_readable(ids, read)
    data = [listed.get(each) or _as_listed(rows[each], 0, Rating()) for each in ids]
    return Page(data, found.next_cursor)


def _listed(rows: Sequence[ShelfItem], *, consistent: bool) -> dict[str, Listed]:
    reads = ReadSet()
    find_stock = want_units(reads, rows, consistent=consistent)
    product_ids = [row.product_id for row in rows]
    find_ratings = want_ratings(reads, product_ids, consistent=consistent)
    reads.read()
    units, ratings = find_stock(), find_ratings()
    listed = {}
    for row in rows:
        available = sum(units.get(sku, 0) for sku in row.skus)
        rating = ratings.get(row.product_id, Rating())
        listed[row.product_id] = _as_listed(row, available, rating)
    return listed


def _as_listed(row: ShelfItem, available: int, rating: Rating) -> Listed:
    price, at_ms = row.price or Price(points=row.points), row.created_at
    more = {"available": available, "created_at_ms": at_ms, "rating": rating}
    more["on_sale_from_ms"] = row.on_sale_from
    return shaped(Listed, row, price=price, **more)


def find_products(product_ids: Iterable[str]) -> dict[str, Product]:
    """Products, on sale or not, a hundred in a request, as of a moment ago."""
    keys = [(f"PRD#{each}", PRODUCT) for each in dict.fromkeys(product_ids)]
    return {item.product.id: item.product for item in ProductItem.batch_get(keys)}


def list_once_shown(product_ids: Sequence[str], now: datetime) -> list[Product]:
    """Those products that the public sees or once saw; others and malformed ids are left out."""
    ids = [each for each in product_ids if is_id("prd", each)]
    found, ahead = each_readable(ids, find_products), shown_before()
    return [found[each] for each in ids if each in found and found[each].was_shown(now, ahead)]


def looks_of(product_ids: Iterable[str]) -> dict[str, Look]:
    """How the goods of each product look, a hundred in a request, as of a moment ago."""
    found = find_products(product_ids).values()
    return {each.id: Look(each.picture, each.spec_words) for each in found}


def categories_of(product_ids: Iterable[str]) -> dict[str, str]:
    """The category of each product, as of a minute ago at most: most calls read nothing."""
    wanted = set(product_ids)
    unknown = [each for each in wanted if _CATEGORIES.get(each) is None]
    for product in find_products(unknown).values() if unknown else ():
        _CATEGORIES.keep(product.id, product.category)
    found = {each: _CATEGORIES.get(each) for each in wanted}
    return {each: category for each, category in found.items() if category is not None}
