"""Writes of the index of goods: changes and sales into its small part, and a new large part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

import msgspec

from chalicelib.catalog.queries import brands, index, tree
from chalicelib.catalog.queries.finding import find_card
from chalicelib.catalog.queries.index import Index
from chalicelib.catalog.rules.cards import (
    SALE,
    Base,
    Card,
    Changed,
    Delta,
    best_together,
    card_of,
    faded,
    since,
    with_changes,
    with_sales,
)
from chalicelib.catalog.rules.products import Product
from chalicelib.catalog.tables import published, segments
from chalicelib.catalog.tables.items import ADMIN_SHELF, CatalogItem, ProductItem
from chalicelib.kernel import clock
from chalicelib.kernel.store.tables import MOST_KEYS
from chalicelib.kernel.store.writes import with_fresh_reads

Tell = Callable[[int], None]
# An index is built again once so many products have changed, or with what else came in a day.
MANY_CHANGES = 1000
DAY_MS = 24 * 3600 * 1000
# What a clock of another machine may be behind.
_OVERLAP_MS = 60_000
# A process that reads a base, or builds one, has long ended after this time.
_BASES_STAY_MS = 3600 * 1000
_WITH = "with:"


def index_changes(product_ids: Iterable[str], orders: list[dict[str, int]], now: datetime) -> None:
    """Bring products and sales into the index, and names of categories and brands.

    `orders` have units of each product. The first change of a stage builds its index.

    Raises Unavailable if other writers are quicker each time.
    """
    ids, now_ms = list(product_ids), clock.to_ms(now)

    def write() -> bool:
        held, tag = index.reread()
        if held is None:
            return False
        changes = [(each.id, _changed(held, each, now_ms)) for each in _products(ids)]
        delta = with_sales(with_changes(_named(held.delta), changes), orders)
        if delta != held.delta:
            published.publish_current(delta, tag, index.folder())
        return True

    if not with_fresh_reads(write):
        rebuild(now)


def rebuild_if_due(now: datetime) -> int | None:
    """Build the index again if much has changed, or if a day has passed; how many goods it has."""
    held, _ = index.reread()
    if held is not None and held.delta.base is not None:
        age_ms = clock.to_ms(now) - held.delta.base.built_ms
        if len(held.delta.changed) < MANY_CHANGES and age_ms < DAY_MS:
            index_changes([], [], now)
            return None
    return rebuild(now)


def rebuild(now: datetime, tell: Tell = lambda _: None) -> int:
    """Build the index from all products; how many are on sale. Popularity is taken over.

    `tell` hears of each product that is read, and of each that is written.

    Raises Unavailable.
    """
    held, _ = index.reread()
    begun = held.delta if held else Delta()
    begun_ms = clock.to_ms(now)
    days = (begun_ms - begun.base.built_ms) // DAY_MS if begun.base else 0
    path = published.unused(index.folder())
    try:
        count = segments.write(path, _cards(held, days, tell), _together(held), tell)
        key = published.publish_base(path, begun_ms)
    finally:
        path.unlink(missing_ok=True)
    base = Base(key=key, built_ms=begun_ms, count=count)

    def write() -> None:
        after, tag = index.reread()
        delta = since(after.delta if after else Delta(), begun, base, begun_ms - _OVERLAP_MS)
        published.publish_current(_named(delta), tag, index.folder())

    with_fresh_reads(write)
    keep = [key, *([begun.base.key] if begun.base else [])]
    published.remove_bases(keep, begun_ms - _BASES_STAY_MS)
    return count


def _named(delta: Delta) -> Delta:
    return msgspec.structs.replace(delta, categories=tree.read(), brands=brands.named())


def _changed(held: Index, product: Product, now_ms: int) -> Changed:
    seen = find_card(held, product.id)
    card = card_of(product, seen.popularity if seen else 0) if _is_listed(product) else None
    return Changed(product.version, now_ms, card)


def _is_listed(product: Product) -> bool:
    return product.status == "on_sale"


def _products(ids: Iterable[str]) -> Iterator[Product]:
    """These products as they are now."""
    left = iter(dict.fromkeys(ids))
    while part := list(islice(left, MOST_KEYS)):
        keys = [(f"PRD#{each}", "PRODUCT") for each in part]
        for item in ProductItem.batch_get(keys, consistent_read=True):
            yield item.product


def _cards(held: Index | None, days: int, tell: Tell) -> Iterator[Card]:
    sold = held.delta.sold if held else {}
    rows = CatalogItem.query(f"SHELF#{ADMIN_SHELF}", attributes_to_get=["pk", "sk"])
    for number, product in enumerate(_products(row.sk for row in rows)):
        tell(number)
        if _is_listed(product):
            seen = find_card(held, product.id) if held else None
            before = faded(seen.popularity, days) if seen else 0
            yield card_of(product, before + sold.get(product.id, 0) * SALE)


def _together(held: Index | None) -> dict[str, bytes]:
    """What is bought with each product, by the name of its note."""
    if held is None:
        return {}
    sums = {
        name.removeprefix(_WITH): msgspec.msgpack.decode(body, type=dict[str, int])
        for name, body in held.parts[0].segment.notes(_WITH)
    }
    for product_id, others in held.delta.together.items():
        counts = sums.setdefault(product_id, {})
        for other, count in others.items():
            counts[other] = counts.get(other, 0) + count
    return {f"{_WITH}{id_}": msgspec.msgpack.encode(best_together(n)) for id_, n in sums.items()}
