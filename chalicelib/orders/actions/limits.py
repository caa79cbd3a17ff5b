"""Limits of a product for one member: a condition keeps each counter within its limit.

A member has a counter for a product of all time, of a day and of a month of the program, each only
where the product has such a limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.errors import LimitReached
from chalicelib.orders.rules import Order, OrderLine, by_product
from chalicelib.orders.rules.limits import Limited, limits_of, period_of
from chalicelib.orders.tables import TakenItem


class _Counted(NamedTuple):
    """Units of a product that are counted in a period, and its counter."""

    limited: Limited
    quantity: int
    counter: TakenItem

    @property
    def refusal(self) -> LimitReached:
        return self.limited.refusal()


def check(member_id: str, lines: Sequence[OrderLine], now: datetime, *, consistent: bool) -> None:
    """Check the lines against what the member has had, without counting them.

    One request for all products with a limit, none where there are none.

    Raises LimitReached.
    """
    counted, reads = list(_counted(member_id, lines, now)), ReadSet()
    found = [
        reads.want(TakenItem, each.counter.pk, each.counter.sk, consistent=consistent)
        for each in counted
    ]
    reads.read()
    for each, find in zip(counted, found, strict=True):
        counter: TakenItem | None = find()
        taken = counter.taken or 0 if counter else 0
        if taken + each.quantity > each.limited.limit:
            raise each.limited.refusal(taken)


def count(writes: WriteSet, member_id: str, lines: Sequence[OrderLine], now: datetime) -> None:
    """Count the lines of products with a limit; the commit raises LimitReached above it.

    Raises LimitReached when the order alone is above it.
    """
    for each in _counted(member_id, lines, now):
        least = each.limited.limit - each.quantity
        if least < 0:
            raise each.refusal
        fits = TakenItem.taken.does_not_exist() | (TakenItem.taken <= least)
        more = [TakenItem.taken.add(each.quantity)]
        writes.update(each.counter, more, condition=fits, or_raise=each.refusal)


def uncount(writes: WriteSet, order: Order, lines: Sequence[OrderLine]) -> None:
    """Uncount these lines of an order, in the periods of its placing; today's limit does not
    matter."""
    for each in _counted(order.member_id, lines, from_ms(order.created_at_ms)):
        writes.update(each.counter, [TakenItem.taken.add(-each.quantity)])


def _counted(member_id: str, lines: Sequence[OrderLine], placed_at: datetime) -> Iterator[_Counted]:
    """The counters of the lines of products with a limit."""
    of_product = {line.product_id: line for line in lines}
    for product_id, quantity in by_product(lines).items():
        for limited in limits_of(of_product[product_id]):
            counter = TakenItem.key(member_id, product_id, period_of(limited.period, placed_at))
            yield _Counted(limited, quantity, counter)
