"""Limits of a product for one member: a condition keeps a counter within the limit."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.errors import LimitReached
from chalicelib.orders.rules import OrderLine, by_product
from chalicelib.orders.tables import TakenItem


def count(writes: WriteSet, member_id: str, lines: Sequence[OrderLine]) -> None:
    """Count the lines of products with a limit; the commit raises LimitReached above it.

    Raises LimitReached when the order alone is above it.
    """
    of_product = {line.product_id: line for line in lines}
    for product_id, quantity in by_product(lines).items():
        limit = of_product[product_id].per_member
        if limit is None:
            continue
        title = of_product[product_id].title
        refusal = LimitReached(product_id=product_id, limit=limit).telling(title=title)
        if quantity > limit:
            raise refusal
        fits = TakenItem.taken.does_not_exist() | (TakenItem.taken <= limit - quantity)
        counter = TakenItem.key(member_id, product_id)
        writes.update(counter, [TakenItem.taken.add(quantity)], condition=fits, or_raise=refusal)


def uncount(writes: WriteSet, member_id: str, lines: Sequence[OrderLine]) -> None:
    """Uncount the lines of an undone order; today's limit does not matter."""
    for product_id, quantity in by_product([x for x in lines if x.per_member]).items():
        counter = TakenItem.key(member_id, product_id)
        writes.update(counter, [TakenItem.taken.add(-quantity)])
