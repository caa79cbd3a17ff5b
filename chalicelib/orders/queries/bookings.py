"""Reads of bookings by slot."""

from __future__ import annotations

from functools import partial

from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.orders.queries.listing import find_orders
from chalicelib.orders.rules import Order
from chalicelib.orders.tables.counter import BookedItem


def booked_for(slot_id: str, asked: PageQuery) -> Page[Order]:
    """The orders that hold seats of a slot.

    Raises InvalidCursor.
    """
    query = partial(BookedItem.query, BookedItem.key_of(slot_id), consistent_read=True)
    found = page(f"booked|{slot_id}", asked, query, lambda item: str(item.order_id))
    known = find_orders(found.data)
    return Page([known[each] for each in found.data if each in known], found.next_cursor)
