"""Lists of all members' orders by state and age, for the staff: no scan, and no index that an
order would write more for."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import groupby, islice
from typing import Any, NamedTuple

from pynamodb.expressions.condition import Condition

from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Unreadable
from chalicelib.orders.queries.listing import find_each, waiting_index
from chalicelib.orders.rules import Order, queue_of
from chalicelib.orders.rules.lists import LISTS, OrderList
from chalicelib.orders.tables import OrdersItem, sortable

# So many orders are looked at in one request; the next page goes on behind them.
MOST_LOOKED_AT = 400
# Entries of an index that cost one request no more than one entry does.
_AT_ONCE = 40


class ListAsked(NamedTuple):
    """One of LISTS, of orders placed from `first_ms` on and before `until_ms`.

    Lists that are not by placing stand by the time of their state.
    """

    name: str
    first_ms: int | None = None
    until_ms: int | None = None
    newest_first: bool = False

    def holds(self, order: Order) -> bool:
        """Whether an order stands in the list now: its entry may be a moment old."""
        first_ms, until_ms = self.first_ms or 0, self.until_ms
        in_time = first_ms <= order.created_at_ms and (
            until_ms is None or order.created_at_ms < until_ms
        )
        return in_time and queue_of(order)[0] in LISTS[self.name].queues


class _Place(NamedTuple):
    """An entry's place in its list, over all its queues."""

    at: str
    order_id: str


def list_orders(asked: ListAsked, page: PageQuery) -> Page[Order]:
    """A page of a list. It may hold fewer than asked for, even none, before the last page.

    Raises InvalidCursor, Unreadable.
    """
    scope = "|".join(["orders", *map(str, asked)])
    position = cursors.decode(scope, page.cursor)
    last = _Place(*position) if position else None
    places = _places(asked, last)
    data: list[Order] = []
    looked_at = 0
    while looked_at < MOST_LOOKED_AT and (some := list(islice(places, page.limit + 1))):
        looked_at += len(some)
        found = find_each([place.order_id for place in some])
        for place in some:
            if len(data) == page.limit:
                return Page(data, cursors.encode(scope, last))
            order, last = found.get(place.order_id), place
            if isinstance(order, Unreadable):
                raise order
            if order is not None and asked.holds(order):
                data.append(order)
    has_more = next(places, None) is not None
    return Page(data, cursors.encode(scope, last) if has_more else None)


def _places(asked: ListAsked, after: _Place | None) -> Iterator[_Place]:
    """Places of a list behind one, over all its queues."""
    wanted = LISTS[asked.name]
    each = [_in_queue(queue, wanted, asked, after) for queue in wanted.queues]
    return iter(merge(*each, reverse=asked.newest_first))


def _in_queue(
    queue: str, wanted: OrderList, asked: ListAsked, after: _Place | None
) -> Iterator[_Place]:
    """Places of one queue; those of one moment by id, which the index does not promise."""
    entries = waiting_index().query(
        queue,
        _between(wanted, asked, after),
        scan_index_forward=not asked.newest_first,
        page_size=_AT_ONCE,
    )
    for _, some in groupby(entries, lambda entry: entry.queue_at):
        places = sorted(
            (_Place(each.queue_at, each.pk) for each in some), reverse=asked.newest_first
        )
        for place in places:
            is_behind = after is None or (place < after if asked.newest_first else place > after)
            if is_behind:
                yield place


def _between(wanted: OrderList, asked: ListAsked, after: _Place | None) -> Condition | None:
    """The part of a queue to read, as closely as its places tell when an order was placed."""
    least: str | None = None
    most: str | None = None
    if asked.first_ms is not None:
        least = sortable(asked.first_ms + wanted.after_ms)
    if asked.until_ms is not None and wanted.by_placing:
        most = sortable(asked.until_ms + wanted.after_ms)
    if after is not None and asked.newest_first:
        most = after.at if most is None else min(most, after.at)
    elif after is not None:
        least = after.at if least is None else max(least, after.at)
    at: Any = OrdersItem.queue_at
    found: Condition | None = None
    if least is not None and most is not None:
        # A range that is empty is no error of the index's: nothing lies before its beginning.
        found = at.between(least, max(least, most))
    elif least is not None:
        found = at >= least
    elif most is not None:
        found = at <= most
    return found
