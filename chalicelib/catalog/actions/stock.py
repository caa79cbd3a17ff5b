"""Writes of stock: reserve, release, take, restock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.catalog.errors import OutOfStock
from chalicelib.catalog.queries.products import get_offer
from chalicelib.catalog.rules.products import Offer
from chalicelib.catalog.rules.stock import Restock, check_is_counted, check_moves, out_of_stock
from chalicelib.catalog.tables.items import RestockItem, StockItem
from chalicelib.kernel import clock
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved, Words
from chalicelib.kernel.store.writes import Refusal, WriteSet, replay_outranks_refusal


def reserve(writes: WriteSet, offer: Offer, quantity: int) -> None:
    """Add to a transaction: take units of a SKU on the terms that were read.

    The commit raises Moved if too few are left or the terms have changed: read the offer again.
    The caller checks that the offer is on sale.

    Raises OutOfStock if the offer itself shows too few.
    """
    if quantity < 1:
        raise ValueError("a reservation takes one unit or more")
    if offer.available < quantity:
        raise out_of_stock(offer)
    enough = StockItem.available >= quantity
    same = StockItem.terms_version == offer.terms_version
    set_available(writes, offer.sku, StockItem.available - quantity, enough & same)


def release(writes: WriteSet, sku: str, quantity: int) -> None:
    """Add to a transaction: return reserved units of a SKU, at any terms."""
    if quantity < 1:
        raise ValueError("one unit or more is given back")
    set_available(writes, sku, StockItem.available + quantity, StockItem.available.exists())


def take(writes: WriteSet, sku: str, title: Words, quantity: int) -> None:
    """Add to a transaction: take units of an earlier sale, at any terms.

    The commit raises OutOfStock if too few are left.
    """
    if quantity < 1:
        raise ValueError("one unit or more is taken")
    enough, too_few = StockItem.available >= quantity, OutOfStock(sku=sku).telling(title=title)
    set_available(writes, sku, StockItem.available - quantity, enough, or_raise=too_few)


def set_available(
    writes: WriteSet, sku: str, units: Any, condition: Condition, *, or_raise: Refusal = Moved
) -> None:
    """Add to a transaction: set the units of a SKU on sale, on a condition."""
    change = StockItem.available.set(units)
    writes.update(StockItem.key(sku), [change], condition=condition, or_raise=or_raise)


def restock(
    sku: str, change: Restock, record: RestockItem, now: datetime
) -> tuple[RestockItem, bool]:
    """Add units to a SKU or take some away, never below 0: (restock, replayed).

    `record` has the keys, id, maker and digest of this restock.

    Raises Invalid, NotFound, StockComesFromCodes, OutOfStock, IdempotencyKeyReused.
    """
    check_moves(change)
    record.quantity, record.reason = change.quantity, change.reason
    record.created_at = clock.to_ms(now)

    def write() -> RestockItem:
        offer = get_offer(sku)
        check_is_counted(offer.kind)
        writes = WriteSet()
        writes.put_new(record, or_raise=IdempotencyKeyReused)
        units = StockItem.available
        enough = units >= -change.quantity
        set_available(writes, sku, units + change.quantity, enough, or_raise=out_of_stock(offer))
        writes.commit()
        return record

    def find() -> RestockItem | None:
        return replay_of(RestockItem.find(record.pk, record.sk), record.made_of)

    return replay_outranks_refusal(write, find)
