"""Writes of shards: their number, the units and the terms in them.

Whatever brings units to a shard moves the head's epoch in the same transaction. Each step is one
transaction; after a crash the units of a dropped shard stay for sale, and the next step goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from pynamodb.exceptions import UpdateError

from chalicelib.catalog.queries.offers import (
    find_head,
    find_heads,
    get_head,
    read_shards,
    remember_empty,
)
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.shards import Move, gathering, spreading
from chalicelib.catalog.rules.stock import Because
from chalicelib.catalog.tables.stock import TERM_NAMES, StockItem
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.pauses import ATTEMPTS, pause
from chalicelib.kernel.store.writes import (
    WriteSet,
    unmoved,
    update_alone,
    was_written,
    with_fresh_reads,
)

_SPREAD = Because("spread")


def remember_sold_out(offer: Offer) -> None:
    """Remember that all shards were seen empty, so that others need not look at them.

    Raises Moved if units may have come since.
    """
    if offer.empty_in is None:
        return
    same = unmoved(StockItem.epoch, offer.empty_in)
    try:
        marked = update_alone(
            StockItem.key(offer.sku), [StockItem.sold_out.set(offer.empty_in)], condition=same
        )
    except UpdateError as error:
        raise Moved() from error
    if not marked:
        raise Moved()
    remember_empty(offer)


def gather(sku: str, quantity: int) -> None:
    """Bring units to the head for an order that no few shards can serve."""
    head = get_head(sku)
    shards = read_shards(head)
    if any(item.terms_version != head.terms_version for item in shards.values()):
        complete_terms([sku])
    _move(head, gathering({shard: item.available for shard, item in shards.items()}, quantity))


def spread(sku: str) -> None:
    """Spread the units of a SKU over its shards, and take dropped shards away, as far as buyers
    let it: it may be done again at any time.
    """
    for tried in range(ATTEMPTS):
        head = get_head(sku)
        if head.all_shards == 1:
            return
        shards = read_shards(head)
        left = dict.fromkeys(range(head.shards or 1), 0)
        left |= {shard: item.available for shard, item in shards.items()}
        with suppress(Moved):
            _move(head, spreading(left, head.shards or 1))
            _take_away(head, shards)
            return
        pause(tried)


def make_shards(head: StockItem, shards: int) -> None:
    """Make the items of new shards, empty, with the head's terms; those that are there get them."""
    for shard in range(1, shards):
        if not _make(head, shard):
            _complete(head, shard)


def _make(head: StockItem, shard: int) -> bool:
    """Whether a shard was not there before."""
    item = StockItem(*StockItem.key_of(head.sku, shard), available=0)
    item.attribute_values.update(_terms_in(head))
    return was_written(lambda: item.save(StockItem.pk.does_not_exist()))


def raise_shards(head: StockItem, shards: int) -> None:
    """Give a new SKU its shards; nothing happens if somebody else has changed them."""
    make_shards(head, shards)
    same = StockItem.terms_version == head.terms_version
    told = [StockItem.shards.set(shards), StockItem.set_version.set(2), StockItem.epoch.add(1)]
    new = StockItem.set_version.does_not_exist()
    if update_alone(StockItem.key(head.sku), told, condition=same & new):
        spread(head.sku)


def complete_terms(skus: Iterable[str]) -> None:
    """Write the terms of SKUs' heads to all their other shards; newer ones stay."""
    for head in find_heads(skus):
        for shard in range(1, head.all_shards):
            _complete(head, shard)


def finish(sku: str) -> None:
    """Complete a change of terms or shards that a crash cut short; nothing is written otherwise."""
    head = find_head(sku)
    if head is None or head.all_shards == 1:
        return
    shards = read_shards(head)
    for shard, item in shards.items():
        if item.terms_version < head.terms_version:
            _complete(head, shard)
    elsewhere = sum(item.available for shard, item in shards.items() if shard)
    if head.draining or (not elsewhere and head.available >= (head.shards or 1)):
        spread(sku)


def _terms_in(head: StockItem) -> dict[str, Any]:
    return {name: head.attribute_values.get(name) for name in TERM_NAMES}


def _complete(head: StockItem, shard: int) -> None:
    actions = []
    for name, value in _terms_in(head).items():
        attribute: Any = getattr(StockItem, name)
        actions.append(attribute.remove() if value is None else attribute.set(value))
    is_behind = StockItem.terms_version < head.terms_version

    def write() -> None:
        try:
            update_alone(StockItem.key(head.sku, shard), actions, condition=is_behind)
        except UpdateError as error:
            # An order that holds the item is done in a moment.
            raise Moved() from error

    with_fresh_reads(write)


def _move(head: StockItem, moves: Iterable[Move]) -> None:
    """Raises Moved."""
    for move in moves:
        source, target = StockItem.key(head.sku, move.source), StockItem.key(head.sku, move.target)
        enough = StockItem.available >= move.quantity
        there = StockItem.available.exists()
        same = unmoved(StockItem.set_version, head.set_version)
        taken = [StockItem.available.add(-move.quantity), StockItem.moved.set(_SPREAD.stamp)]
        given = [StockItem.available.add(move.quantity), StockItem.moved.set(_SPREAD.stamp)]
        (taken if move.source == 0 else given).append(StockItem.epoch.add(1))
        writes = WriteSet()
        writes.update(source, taken, condition=enough if move.source else enough & same)
        writes.update(target, given, condition=there if move.target else there & same)
        writes.commit()


def _take_away(head: StockItem, shards: dict[int, StockItem]) -> None:
    """Delete dropped shards, which are empty now.

    Raises Moved.
    """
    if not head.draining:
        return
    writes = WriteSet()
    for shard in shards:
        if shard >= (head.shards or 1):
            empty = StockItem.available == 0
            writes.delete(StockItem.key(head.sku, shard), condition=empty)
    same = (StockItem.set_version == head.set_version) & (StockItem.draining == head.draining)
    writes.update(StockItem.key(head.sku), [StockItem.draining.remove()], condition=same)
    writes.commit()
