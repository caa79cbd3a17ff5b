"""All orders, returns and reviews of one member, and the business that is still open."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chalicelib import members
from chalicelib.kernel.cursors import every
from chalicelib.orders.queries.listing import of_member
from chalicelib.orders.queries.returns import returns_of
from chalicelib.orders.queries.reviews import get_review
from chalicelib.orders.rules import ENDED, Order
from chalicelib.orders.rules.returns import OPEN, Return
from chalicelib.orders.rules.reviews import Review
from chalicelib.orders.tables.reviews import WrittenItem


def all_orders_of(member_id: str) -> Iterator[Order]:
    """Raises Unreadable."""
    yield from every(lambda asked: of_member(f"all-orders|{member_id}", asked, member_id))


def all_returns_of(member_id: str) -> Iterator[Return]:
    """Raises Unreadable."""
    yield from every(partial(returns_of, member_id, leave_out_unreadable=False))


def all_reviews_of(member_id: str) -> Iterator[Review]:
    """The reviews that a member wrote under all their ids.

    Raises Unreadable.
    """
    for each in members.ids_of(member_id):
        for row in WrittenItem.query(WrittenItem.partition(each), consistent_read=True):
            yield get_review(row.review_id)


def open_business_of(member_id: str) -> list[str]:
    """What of a member is not over yet: `orders`, `returns`; in the order of being named."""
    found = []
    if any(_is_open(order) for order in all_orders_of(member_id)):
        found.append("orders")
    if any(made.status in OPEN for made in all_returns_of(member_id)):
        found.append("returns")
    return found


def _is_open(order: Order) -> bool:
    return order.status not in ENDED or order.disputed or order.unsettled
