"""The SKUs of all products for the staff, by what is left of them.

No index holds a SKU's stock: its entry would be written again by every sale. So the shelf of the
staff is read, and the stock of its SKUs a hundred at a time, up to an end for each request.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Literal, NamedTuple

from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.products import Kind, Status, stock_status
from chalicelib.catalog.tables.items import ADMIN_SHELF, ShelfItem
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery

# What is left of a SKU; `short` is little or nothing.
Left = Literal["short", "low", "sold_out"]
# So many products are looked at in one request; the next page goes on behind them.
MOST_PRODUCTS = 300
_AT_ONCE = 50


class SkusAsked(NamedTuple):
    """Filters of the list, None for all."""

    left: Left | None
    kind: Kind | None
    status: Status | None


class _Place(NamedTuple):
    """A SKU's place in the list: its product's on the shelf, and its own in the product."""

    newest: str
    number: int


def list_skus(asked: SkusAsked, page: PageQuery) -> Page[Offer]:
    """A page of SKUs with their terms and stock as of a moment ago, by product, newest first.

    It may hold fewer than asked for, even none, before the last page.

    Raises InvalidCursor.
    """
    scope = f"skus|{asked.left}|{asked.kind}|{asked.status}"
    position = cursors.decode(scope, page.cursor)
    after = _Place(*position) if position else None
    products = _products(asked, after)
    data: list[Offer] = []
    last = after
    for place, offer in _offers(islice(products, MOST_PRODUCTS), after):
        if _is_wanted(offer, asked.left):
            if len(data) == page.limit:
                return Page(data, cursors.encode(scope, last))
            data.append(offer)
        last = place
    has_more = next(products, None) is not None
    return Page(data, cursors.encode(scope, last) if has_more else None)


def _products(asked: SkusAsked, after: _Place | None) -> Iterator[Any]:
    """Rows of the shelf, the newest first, from the product of a place on."""
    filters = None
    if asked.kind is not None:
        filters = ShelfItem.kind == asked.kind
    if asked.status is not None:
        of_status = ShelfItem.status == asked.status
        filters = of_status if filters is None else filters & of_status
    return iter(
        ShelfItem.query(
            f"SHELF#{ADMIN_SHELF}",
            ShelfItem.newest <= after.newest if after else None,
            filters,
            index_name="newest",
            scan_index_forward=False,
            page_size=_AT_ONCE if filters is None else FILTERED_PAGE,
        )
    )


def _offers(products: Iterator[Any], after: _Place | None) -> Iterator[tuple[_Place, Offer]]:
    """The SKUs of products behind a place, those whose stock is there."""
    while rows := list(islice(products, _AT_ONCE)):
        found = find_offers([sku for row in rows for sku in row.skus], consistent=False)
        for row in rows:
            for number, sku in enumerate(row.skus):
                is_seen = after and row.newest == after.newest and number <= after.number
                if sku in found and not is_seen:
                    yield _Place(row.newest, number), found[sku]


def _is_wanted(offer: Offer, left: Left | None) -> bool:
    status = stock_status(offer.available, offer.low_mark)
    return left is None or status == left or (left == "short" and status != "in_stock")
