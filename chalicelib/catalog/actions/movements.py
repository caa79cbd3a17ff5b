"""What a reader of the stream writes of stock: its movements, summaries, alerts, and the end of
what a crash cut short. No request waits for any of it, and each may be written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from chalicelib.catalog.actions import shards
from chalicelib.catalog.actions.summaries import refresh
from chalicelib.catalog.rules.movements import DAY_S, Movement, place_of
from chalicelib.catalog.rules.stock import Because
from chalicelib.catalog.tables.movements import MovementItem
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel.config import config
from chalicelib.kernel.store.writes import with_fresh_reads

# A change of one of these may cross a mark, or is another sum.
_SUMMED = ("available", "shards", "draining", "low_mark", "high_mark", "status")
# A change of one of these is written to a head first, and then to its shards.
_SPREAD = ("terms_version", "set_version")


class StockChange(NamedTuple):
    """A stock item before and after a change, its number in the stream and when that took it."""

    before: StockItem | None
    after: StockItem | None
    number: str
    at_s: int

    @property
    def item(self) -> StockItem:
        item = self.after or self.before
        assert item is not None, "a change is of an item"
        return item

    def differs_in(self, names: Iterable[str]) -> bool:
        return any(
            getattr(self.before, name, None) != getattr(self.after, name, None) for name in names
        )


def follow(changes: Sequence[StockChange], now: datetime) -> None:
    """Write what follows from changes of stock. They may come again, in the order they had.

    Raises Unavailable.
    """
    _record([movement for each in changes if (movement := movement_of(each)) is not None])
    moved: dict[str, set[str]] = {}
    for each in changes:
        if each.differs_in(_SUMMED):
            moved.setdefault(each.item.product_id, set()).add(each.item.sku)
    for product_id, skus in moved.items():
        with_fresh_reads(partial(refresh, product_id, skus, now))
    for sku in {each.item.sku for each in changes if _may_be_cut_short(each)}:
        shards.finish(sku)


def movement_of(change: StockChange) -> Movement | None:
    """The movement of a change, or None if no unit moved."""
    before, after = change.before, change.after
    was, is_ = (item.available if item else 0 for item in (before, after))
    if was == is_ and not (before is None and after is not None and after.shard == 0):
        return None
    item = change.item
    return Movement(
        sku=item.sku,
        shard=item.shard,
        before=was,
        after=is_,
        because=Because.of_stamp(after.moved if after else None),
        at_s=change.at_s,
        place=place_of(change.at_s, change.number, item.shard),
    )


def _record(movements: Iterable[Movement]) -> None:
    days = config().catalog.movements_kept_days
    items = [
        MovementItem.of(each, each.at_s + days * DAY_S if days else None) for each in movements
    ]
    # A request takes a key once.
    with MovementItem.batch_write() as batch:
        for item in {(item.pk, item.sk): item for item in items}.values():
            batch.save(item)


def _may_be_cut_short(change: StockChange) -> bool:
    head = change.after
    if head is None or change.before is None or head.shard or head.all_shards == 1:
        return False
    return change.differs_in(_SPREAD)
