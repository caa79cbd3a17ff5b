"""Limits of a product for one member: a condition keeps a counter within the limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.errors import TAKEN, LimitReached
from chalicelib.orders.rules import OrderLine, by_product
from chalicelib.orders.tables import TakenItem


def check(member_id: str, lines: Sequence[OrderLine], *, consistent: bool) -> None:
    """Check the lines against what the member has had, without counting them.

    One request for all products with a limit, none where there are none.

    Raises LimitReached.
    """
    limited, reads = list(_limited(lines)), ReadSet()
    keys = [TakenItem.key(member_id, product.product_id) for product, _ in limited]
    found = [reads.want(TakenItem, key.pk, key.sk, consistent=consistent) for key in keys]
    if found:
        reads.read()
    for (product, quantity), find in zip(limited, found, strict=True):
        counter: TakenItem | None = find()
        taken = counter.taken or 0 if counter else 0
        if taken + quantity > product.limit:
            raise product.refusal.telling(taken=taken).saying(TAKEN) if taken else product.refusal


def count(writes: WriteSet, member_id: str, lines: Sequence[OrderLine]) -> None:
    """Count the lines of products with a limit; the commit raises LimitReached above it.

    Raises LimitReached when the order alone is above it.
    """
    for product, quantity in _limited(lines):
        if quantity > product.limit:
            raise product.refusal
        fits = TakenItem.taken.does_not_exist() | (TakenItem.taken <= product.limit - quantity)
        counter = TakenItem.key(member_id, product.product_id)
        more = [TakenItem.taken.add(quantity)]
        writes.update(counter, more, condition=fits, or_raise=product.refusal)


class _Product(NamedTuple):
    product_id: str
    limit: int
    refusal: LimitReached


def _limited(lines: Sequence[OrderLine]) -> Iterator[tuple[_Product, int]]:
    """The products with a limit, each with its quantity."""
    of_product = {line.product_id: line for line in lines}
    for product_id, quantity in by_product(lines).items():
        limit = of_product[product_id].per_member
        if limit is not None:
            title = of_product[product_id].title
            refusal = LimitReached(product_id=product_id, limit=limit).telling(title=title)
            yield _Product(product_id, limit, refusal), quantity


def uncount(writes: WriteSet, member_id: str, lines: Sequence[OrderLine]) -> None:
    """Uncount the lines of an undone order; today's limit does not matter."""
    for product_id, quantity in by_product([x for x in lines if x.per_member]).items():
        counter = TakenItem.key(member_id, product_id)
        writes.update(counter, [TakenItem.taken.add(-quantity)])
