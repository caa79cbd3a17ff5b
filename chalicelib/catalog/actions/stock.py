"""Writes of stock: reserve, release, take, restock, correct."""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib import audit
from chalicelib.catalog.actions import shards
from chalicelib.catalog.errors import OutOfStock
from chalicelib.catalog.queries.offers import get_offer
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.shards import Draw, draws_of
from chalicelib.catalog.rules.stock import (
    Because,
    Restock,
    StockAct,
    check_is_counted,
    check_moves,
    out_of_stock,
)
from chalicelib.catalog.tables.stock import RestockItem, StockItem
from chalicelib.kernel import clock
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved, Words
from chalicelib.kernel.store.writes import Refusal, WriteSet, replay_outranks_refusal


def reserve(writes: WriteSet, offer: Offer, quantity: int, order_id: str) -> None:
    """Add to a transaction: take units of a SKU for an order on the terms that were read.

    The commit raises Moved if too few are left or the terms have changed: read the offer again.
    The caller checks that the offer is on sale.

    Raises OutOfStock if the offer itself shows too few, Moved if they had to be brought together.
    """
    if quantity < 1:
        raise ValueError("a reservation takes one unit or more")
    if offer.available < quantity:
        raise out_of_stock(offer)
    same = StockItem.terms_version == offer.terms_version
    for draw in _draws(offer, quantity):
        _draw(writes, offer.sku, draw, Because("sale", order_id), same)


def sold_out(offer: Offer) -> OutOfStock:
    """The refusal of a quantity above the stock of an offer; that all shards are empty is
    remembered.

    Raises Moved if units may have come since the offer was read.
    """
    shards.remember_sold_out(offer)
    return out_of_stock(offer)


def release(writes: WriteSet, sku: str, quantity: int, because: Because) -> None:
    """Add to a transaction: return reserved units of a SKU, at any terms."""
    if quantity < 1:
        raise ValueError("one unit or more is given back")
    add_units(writes, sku, quantity, because)


def take(writes: WriteSet, sku: str, title: Words, quantity: int, because: Because) -> None:
    """Add to a transaction: take units of an earlier sale, at any terms.

    The commit raises OutOfStock if too few are left.

    Raises OutOfStock, NotFound, Moved.
    """
    if quantity < 1:
        raise ValueError("one unit or more is taken")
    offer, too_few = get_offer(sku), OutOfStock(sku=sku).telling(title=title)
    if offer.available < quantity:
        raise too_few
    refusal: Refusal = too_few if offer.shards == 1 else Moved
    for draw in _draws(offer, quantity):
        _draw(writes, sku, draw, because, or_raise=refusal)


def add_units(writes: WriteSet, sku: str, quantity: int, because: Because) -> None:
    """Add to a transaction: more units of a SKU, on its head. The commit raises Moved if there is
    no such SKU.
    """
    more = [StockItem.available.add(quantity), StockItem.epoch.add(1)]
    stamp = StockItem.moved.set(because.stamp)
    writes.update(
        StockItem.key(sku), [*more, stamp], condition=StockItem.available.exists(), or_raise=Moved
    )


def take_units(
    writes: WriteSet, offer: Offer, quantity: int, because: Because, *, or_raise: Refusal = Moved
) -> None:
    """Add to a transaction: fewer units of a SKU, at any terms.

    Raises OutOfStock if the offer itself shows too few, Moved if they had to be brought together.
    """
    if offer.available < quantity:
        raise out_of_stock(offer)
    for draw in _draws(offer, quantity):
        _draw(writes, offer.sku, draw, because, or_raise=or_raise)


def restock(
    sku: str, change: Restock, record: RestockItem, act: audit.Act, now: datetime
) -> tuple[RestockItem, bool]:
    """Add units to a SKU or take some away, never below 0: (restock, replayed).

    `record` has the keys, id, maker and digest of this restock.

    Raises Invalid, NotFound, StockComesFromCodes, OutOfStock, IdempotencyKeyReused.
    """
    return _change_stock(sku, change, record, act, now, "restock")


def correct(
    sku: str, change: Restock, record: RestockItem, act: audit.Act, now: datetime
) -> tuple[RestockItem, bool]:
    """As `restock`, where a count found more units or fewer: (correction, replayed)."""
    return _change_stock(sku, change, record, act, now, "correction")


def _change_stock(
    sku: str,
    change: Restock,
    record: RestockItem,
    act: audit.Act,
    now: datetime,
    name: StockAct,
) -> tuple[RestockItem, bool]:
    check_moves(change)
    record.quantity, record.reason = change.quantity, change.reason
    record.created_at = clock.to_ms(now)
    because = Because(name, record.id)

    def write() -> RestockItem:
        offer = get_offer(sku)
        check_is_counted(offer.kind)
        writes = WriteSet()
        writes.put_new(record, or_raise=IdempotencyKeyReused)
        if change.quantity > 0:
            add_units(writes, sku, change.quantity, because)
        else:
            refusal: Refusal = out_of_stock(offer) if offer.shards == 1 else Moved
            take_units(writes, offer, -change.quantity, because, or_raise=refusal)
        # The stock that was read may be sold meanwhile. The movement of this reference, which the
        # stream tells, has the units before and after.
        audit.record(writes, act.changing({}, {"change": change.quantity, "reference": record.id}))
        writes.commit()
        return record

    def find() -> RestockItem | None:
        return replay_of(RestockItem.find(record.pk, record.sk), record.made_of)

    done = replay_outranks_refusal(write, find)
    shards.spread(sku)
    return done


def _draws(offer: Offer, quantity: int) -> list[Draw]:
    """The shards to draw on.

    Raises Moved once it has brought the units together that no few shards have.
    """
    draws = draws_of(quantity, offer.left or {0: offer.available})
    if draws is None:
        shards.gather(offer.sku, quantity)
        raise Moved()
    return draws


def _draw(
    writes: WriteSet,
    sku: str,
    draw: Draw,
    because: Because,
    at_terms: Condition | None = None,
    *,
    or_raise: Refusal = Moved,
) -> None:
    enough = StockItem.available >= draw.quantity
    writes.update(
        StockItem.key(sku, draw.shard),
        [StockItem.available.add(-draw.quantity), StockItem.moved.set(because.stamp)],
        condition=enough if at_terms is None else enough & at_terms,
        or_raise=or_raise,
    )
