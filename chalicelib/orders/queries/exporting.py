"""Orders of all lists one after the other, for a file."""

from __future__ import annotations

from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.orders.queries.lists import ListAsked, list_orders
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.lists import IN_FLOW


def export_orders(asked: ListAsked, page: PageQuery, *, of_all: bool) -> Page[Order]:
    """A page of one list, or `of_all` lists in turn. It may hold none before the last page.

    Whoever reads all pages sees each order that was there at the beginning, once or, if it went on
    meanwhile, once more in its next list.

    Raises InvalidCursor, Unreadable.
    """
    if not of_all:
        return list_orders(asked, page)
    scope = "|".join(["orders-export", *map(str, asked)])
    number, within = cursors.decode(scope, page.cursor) or (0, None)
    here = PageQuery(limit=page.limit, cursor=within)
    found = list_orders(asked._replace(name=IN_FLOW[number]), here)
    following: tuple[int, str | None] | None = (number, found.next_cursor)
    if found.next_cursor is None:
        following = (number + 1, None) if number + 1 < len(IN_FLOW) else None
    return Page(found.data, cursors.encode(scope, following) if following else None)
