"""Reads of returns: an index has the ids, the table the present returns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from chalicelib import members
from chalicelib.kernel.config import config
from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import Unreadable, or_not_found
from chalicelib.kernel.store.tables import each_readable
from chalicelib.orders.queries.listing import find_orders, of_owners, waiting_index
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.details import ReturnDetails
from chalicelib.orders.rules.returnable import worth
from chalicelib.orders.rules.returns import OPEN, OVERDUE, Return, kept
from chalicelib.orders.tables import OrdersItem, sortable
from chalicelib.orders.tables.returns import RETURN, ReturnItem, owner_key, queue_name


def find_return(return_id: str) -> Return | None:
    return ReturnItem.find_value(return_id, RETURN)


def get_return(return_id: str, member_id: str | None = None) -> Return:
    """The return of this member, under whichever id they asked for it; of any member for None.

    Raises NotFound.
    """
    found = or_not_found(find_return(return_id))
    is_theirs = member_id is None or members.is_same(found.member_id, member_id)
    return or_not_found(found if is_theirs else None)


def returns_of(
    member_id: str, asked: PageQuery, *, leave_out_unreadable: bool = True
) -> Page[Return]:
    """A member's returns under all their ids, newest first.

    Raises InvalidCursor, Unreadable.
    """
    query = of_owners([owner_key(each) for each in members.ids_of(member_id)])
    scope = f"returns|{member_id}"
    return _page(scope, asked, query, leave_out_unreadable=leave_out_unreadable)


def returns_in(status: str, asked: PageQuery) -> Page[Return]:
    """Returns of all members in a state: open ones by the end of their time, the soonest first;
    others by their end, the newest first.

    Raises InvalidCursor, Unreadable.
    """
    query = partial(waiting_index().query, queue_name(status), scan_index_forward=status in OVERDUE)
    found = _page(f"returns|in|{status}", asked, query)
    return Page([each for each in found.data if each.status == status], found.next_cursor)


def returns_of_order(order: Order, *, leave_out_unreadable: bool = False) -> list[Return]:
    """An order's returns, newest first.

    Raises Unreadable.
    """
    ids = [mark.id for mark in reversed(order.returns)]
    return _read(ids, leave_out_unreadable=leave_out_unreadable)


def details_of(returns: Sequence[Return]) -> list[ReturnDetails]:
    """Returns with everything that their views show: one read for all their orders."""
    needed = {made.order_id for made in returns if kept(made)}
    orders = each_readable(sorted(needed), find_orders)
    return [_details(made, orders.get(made.order_id)) for made in returns]


def _details(made: Return, order: Order | None) -> ReturnDetails:
    if order is None:
        return ReturnDetails(made, 0, 0)
    with_freight = config().returns.returned_freight
    return ReturnDetails(made, *worth(order, kept(made), with_freight=with_freight))


def due_returns(at_ms: int) -> Iterator[str]:
    """The ids of open returns whose time is over, state by state, the longest due first."""
    due = OrdersItem.queue_at <= sortable(at_ms)
    for status in OPEN:
        for item in waiting_index().query(queue_name(status), due):
            yield item.pk


def count_returns(status: str) -> SomeOf:
    """How many returns are in a state, as it was a moment ago."""
    index_name = waiting_index().Meta.index_name
    return OrdersItem.count_some(queue_name(status), index_name=index_name)


def _page(
    scope: str, asked: PageQuery, query: Any, *, leave_out_unreadable: bool = False
) -> Page[Return]:
    ids = page(scope, asked, query, lambda item: str(item.pk))
    return Page(_read(ids.data, leave_out_unreadable=leave_out_unreadable), ids.next_cursor)


def _read(ids: Sequence[str], *, leave_out_unreadable: bool) -> list[Return]:
    found: dict[str, Return] = {}
    for return_id, item in ReturnItem.read_each([(each, RETURN) for each in ids]):
        try:
            found[return_id] = _value(item)
        except Unreadable:
            if not leave_out_unreadable:
                raise
    return [found[each] for each in ids if each in found]


def _value(item: ReturnItem | Unreadable) -> Return:
    if isinstance(item, Unreadable):
        raise item
    return item.value()
