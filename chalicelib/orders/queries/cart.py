"""Reads of carts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib import catalog, tiers
from chalicelib.catalog import Offer
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import with_fresh_reads
from chalicelib.orders.queries.tiers import offer_to
from chalicelib.orders.rules.cart import Cart, SeenLine, seen_lines
from chalicelib.orders.tables import TakenItem
from chalicelib.orders.tables.cart import CartItem


def want_cart(reads: ReadSet, member_id: str) -> Callable[[], Cart]:
    """Want a member's cart, in a caller's `ReadSet`.

    Returns a function that gives it after `read`; an empty one if there is none.
    """
    key = CartItem.key(member_id)
    find = reads.want(CartItem, key.pk, key.sk)
    return lambda: item.value() if (item := find()) else Cart(member_id)


def find_cart(member_id: str) -> Cart:
    """A member's cart, read consistently."""
    key = CartItem.key(member_id)
    return CartItem.find_value(key.pk, key.sk) or Cart(member_id)


def see_cart(cart: Cart, now: datetime) -> list[SeenLine]:
    """The lines of a cart as they are today, as of a moment ago: two requests at most."""

    def see() -> list[SeenLine]:
        reads = ReadSet()
        quantities = {line.sku: line.quantity for line in cart.lines}
        find_offers = catalog.want_offers(
            reads, cart.skus, consistent=False, quantities=quantities, buyer=cart.member_id
        )
        find_tier = tiers.want_tier(reads, cart.member_id)
        reads.read()
        offers = {sku: offer_to(offer, find_tier, now) for sku, offer in find_offers().items()}
        return seen_lines(cart, offers, _taken(cart.member_id, list(offers.values())), now)

    return with_fresh_reads(see)


def _taken(member_id: str, offers: Sequence[Offer]) -> dict[str, int]:
    """The units that a member has had of products with a limit."""
    reads = ReadSet()
    limited = dict.fromkeys(each.product_id for each in offers if each.per_member is not None)
    keys = {each: TakenItem.key(member_id, each) for each in limited}
    found = {
        each: reads.want(TakenItem, key.pk, key.sk, consistent=False) for each, key in keys.items()
    }
    reads.read()
    return {each: item.taken or 0 for each, find in found.items() if (item := find())}
