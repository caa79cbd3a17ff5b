"""Writes of carts: each is one put of one item, once for each seen version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from chalicelib import catalog, tiers
from chalicelib.catalog import Offer
from chalicelib.kernel.errors import FieldError, Invalid, Moved, NotFound, Words
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet, unmoved, was_written, with_fresh_reads
from chalicelib.orders.queries.cart import want_cart
from chalicelib.orders.queries.tiers import offer_to
from chalicelib.orders.rules import cart as rules
from chalicelib.orders.rules.cart import Cart, CartLine
from chalicelib.orders.rules.limits import check_at_once
from chalicelib.orders.tables.cart import CartItem

_NO_SKU = Words("没有这个 SKU", "no such SKU")


def put_line(member_id: str, sku: str, quantity: int, now: datetime) -> Cart:
    """Put units of a SKU into a cart, or set how many: the cart.

    Raises NotFound, NotOnSale, OutOfStock, LimitReached, CartFull.
    """

    def change(cart: Cart, offers: Mapping[str, Offer]) -> Cart:
        offer = offers.get(sku)
        if offer is None:
            raise NotFound().saying(_NO_SKU)
        _check(offer, quantity, now)
        return rules.put(cart, rules.line_of(offer, quantity))

    return _change(member_id, {sku: quantity}, now, change)


def remove_line(member_id: str, sku: str, now: datetime) -> Cart:
    """Take a SKU out of a cart; a cart without it stays as it is."""
    return _change(member_id, {}, now, lambda cart, _: rules.without(cart, {sku}))


def empty(member_id: str, now: datetime) -> Cart:
    return _change(member_id, {}, now, lambda cart, _: rules.filled(cart, ()))


def fill(member_id: str, wanted: Mapping[str, int], now: datetime, *, merge: bool) -> Cart:
    """Fill a cart with quantities by SKU, in place of its lines or beside them: the cart.

    Lines that cannot be ordered are taken, too: the cart explains them. A merge leaves out SKUs
    that are unknown.

    Raises Invalid naming an unknown SKU.
    """

    def change(cart: Cart, offers: Mapping[str, Offer]) -> Cart:
        lines: list[CartLine] = []
        for number, (sku, quantity) in enumerate(wanted.items()):
            if sku in offers:
                lines.append(rules.line_of(offers[sku], quantity))
            elif not merge:
                raise Invalid(FieldError(f"items[{number}].sku", "unknown_sku", _NO_SKU))
        return rules.merged(cart, lines) if merge else rules.filled(cart, lines)

    return _change(member_id, wanted, now, change)


def take_from_cart(writes: WriteSet, cart: Cart, skus: Sequence[str]) -> None:
    """Add to a transaction: the lines of an order leave the cart that was read.

    The commit raises Moved if the cart has changed since.
    """
    after = rules.without(cart, skus)
    if after != cart:
        writes.put(CartItem.of(after), condition=CartItem.version == cart.version)


def _change(
    member_id: str,
    wanted: Mapping[str, int],
    now: datetime,
    change: Callable[[Cart, Mapping[str, Offer]], Cart],
) -> Cart:
    def write() -> Cart:
        reads = ReadSet()
        find_cart = want_cart(reads, member_id)
        find_offers = catalog.want_offers(reads, list(wanted), consistent=True, quantities=wanted)
        find_tier = tiers.want_tier(reads, member_id)
        reads.read()
        seen = find_cart()
        offers = {sku: offer_to(offer, find_tier, now) for sku, offer in find_offers().items()}
        after = change(seen, offers)
        if after != seen:
            item = CartItem.of(after)
            if not was_written(
                lambda: item.save(condition=unmoved(CartItem.version, seen.version))
            ):
                raise Moved()
        return after

    return with_fresh_reads(write)


def _check(offer: Offer, quantity: int, now: datetime) -> None:
    if not offer.on_sale(now):
        raise catalog.not_on_sale(offer, now)
    if offer.available < quantity:
        raise catalog.sold_out(offer)
    title = catalog.title_of(offer)
    check_at_once(offer.product_id, title, quantity, offer.per_order, offer.per_member)
