"""Reads of stock in short: what the public sees of a product, and what the summary is made of.

A summary follows the stock within seconds. Nothing that sells rests on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from chalicelib.catalog.queries.offers import (
    find_head,
    find_offers,
    read_shards,
    want_totals,
)
from chalicelib.catalog.rules.movements import StockSummary
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.products import Product
from chalicelib.catalog.tables.items import ShelfItem
from chalicelib.catalog.tables.movements import SummaryItem
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel.store.reads import ReadSet


class Seen(NamedTuple):
    """The stock of a SKU over its shards. While units come to one of them, the sum may be wrong;
    then another change follows.
    """

    head: StockItem
    available: int
    is_settled: bool


def find_summary(product_id: str) -> SummaryItem | None:
    """The summary of a product, consistently."""
    found: SummaryItem | None = SummaryItem.find(*SummaryItem.key_of(product_id))
    return found


def read_stock(skus: Sequence[str]) -> list[Seen]:
    """The stock of those SKUs that there are, consistently: a read unit for each shard, and one
    more for a SKU with several.
    """
    reads = ReadSet()
    heads = [reads.want(StockItem, *StockItem.key_of(sku)) for sku in skus]
    reads.read()
    return [_seen(head) for find in heads if (head := find()) is not None]


def _seen(head: StockItem) -> Seen:
    if head.all_shards == 1:
        return Seen(head, head.available, is_settled=True)
    available = sum(item.available for item in read_shards(head).values())
    again = find_head(head.sku)
    return Seen(head, available, again is not None and again.epoch == head.epoch)


def available_to_all(product: Product, summary: StockSummary | None) -> dict[str, int]:
    """Available units by SKU, as of some moments ago; 0 for a SKU whose stock is not visible yet.

    The only SKU of a product is read itself unless it has several shards, and so are those that
    the summary lacks.
    """
    skus = [sku.sku for sku in product.skus]
    known = summary.units if summary is not None else {}
    left = (
        {}
        if len(skus) > 1
        else _whole(StockItem.find(*StockItem.key_of(skus[0]), consistent=False))
    )
    left = {sku: known[sku] for sku in skus if sku in known} | left
    missing = [sku for sku in skus if sku not in left]
    offers = find_offers(missing, consistent=False) if missing else {}
    return {sku: left[sku] if sku in left else _units(offers.get(sku)) for sku in skus}


def want_units(
    reads: ReadSet, rows: Sequence[ShelfItem], *, consistent: bool
) -> Callable[[], dict[str, int]]:
    """The units of the SKUs of listed products, by SKU, in a caller's `ReadSet`: of a product with
    several its summary, unless `consistent`.

    Returns a function that gives them after `read`. It reads once more for SKUs with several
    shards, and for those that a summary lacks.
    """
    if consistent:
        find_stock = want_totals(reads, [sku for row in rows for sku in row.skus], consistent=True)
        return lambda: {sku: offer.available for sku, offer in find_stock().items()}
    heads, summaries = [], []
    for row in rows:
        if len(row.skus) == 1:
            heads.append(reads.want(StockItem, *StockItem.key_of(row.skus[0]), consistent=False))
        else:
            summaries.append(_want_summary(reads, row))

    def find_all() -> dict[str, int]:
        units: dict[str, int] = {}
        for find in heads:
            units |= _whole(find())
        for find in summaries:
            units |= _known(find())
        return units | _others(rows, units)

    return find_all


def _others(rows: Sequence[ShelfItem], units: dict[str, int]) -> dict[str, int]:
    """The units of the SKUs of rows that are not known yet: by summaries, else by all shards."""
    left = [row for row in rows if any(sku not in units for sku in row.skus)]
    reads, found = ReadSet(), dict[str, int]()
    alone = [_want_summary(reads, row) for row in left if len(row.skus) == 1]
    reads.read()
    for find in alone:
        found |= _known(find())
    missing = [sku for row in left for sku in row.skus if sku not in units and sku not in found]
    offers = find_offers(missing, consistent=False) if missing else {}
    return found | {sku: offer.available for sku, offer in offers.items()}


def _want_summary(reads: ReadSet, row: ShelfItem) -> Callable[[], SummaryItem | None]:
    return reads.want(SummaryItem, *SummaryItem.key_of(row.product_id), consistent=False)


def _known(item: SummaryItem | None) -> dict[str, int]:
    return item.value().units if item is not None else {}


def _whole(head: StockItem | None) -> dict[str, int]:
    """The units of a SKU that stand in one shard, by SKU."""
    return {head.sku: head.available} if head is not None and head.all_shards == 1 else {}


def _units(offer: Offer | None) -> int:
    return offer.available if offer is not None else 0
