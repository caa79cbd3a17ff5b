"""Writes of a SKU's settings: its shards while it sells, and its marks."""

from __future__ import annotations

from msgspec import UNSET

from chalicelib import audit
from chalicelib.catalog.actions import shards
from chalicelib.catalog.queries.offers import get_head, get_offer
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.stock import SkuSettings, check_marks
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel.errors import Stale
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads


def change_settings(sku: str, change: SkuSettings, version: int, act: audit.Act) -> Offer:
    """Change the shards and marks of a SKU while it sells: the offer after it.

    New shards stand before the head tells of them. The units of dropped ones stay for sale until
    they are moved, of which a later change, a restock or the stream makes an end after a crash.

    Raises NotFound, Stale, Invalid.
    """

    def write() -> None:
        head = get_head(sku)
        if head.version != version:
            raise Stale()
        number = head.shards or 1 if change.shards is UNSET else change.shards
        low = head.low_mark if change.low_mark is UNSET else change.low_mark
        high = head.high_mark if change.high_mark is UNSET else change.high_mark
        check_marks(low, high)
        if number > (head.shards or 1):
            shards.make_shards(head, number)
        after = {"shards": number, "low_mark": low, "high_mark": high}
        writes = WriteSet()
        _set(writes, head, number, low, high)
        before = {"shards": head.shards or 1, "low_mark": head.low_mark}
        before["high_mark"] = head.high_mark
        audit.record(writes, act.changing({**before}, {**after}))
        writes.commit()

    with_fresh_reads(write)
    shards.spread(sku)
    return get_offer(sku)


def _set(writes: WriteSet, head: StockItem, number: int, low: int | None, high: int | None) -> None:
    """Add the settings to a transaction, on a head whose settings and terms are as they were."""
    may_hold_units = head.all_shards if number < head.all_shards else None
    values = [
        (StockItem.shards, number if number > 1 else None),
        (StockItem.draining, may_hold_units),
        (StockItem.low_mark, low),
        (StockItem.high_mark, high),
    ]
    changes = [
        attribute.remove() if value is None else attribute.set(value) for attribute, value in values
    ]
    same_terms = StockItem.terms_version == head.terms_version
    writes.update(
        StockItem.key(head.sku),
        [*changes, StockItem.set_version.set(head.version + 1), StockItem.epoch.add(1)],
        condition=unmoved(StockItem.set_version, head.set_version) & same_terms,
    )
