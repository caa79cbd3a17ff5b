"""Reads of orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import msgspec

from chalicelib import members
from chalicelib.kernel.config import config
from chalicelib.kernel.crypto import decrypt
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotFound, Unreadable
from chalicelib.kernel.store.tables import each_readable, naming
from chalicelib.members import Address
from chalicelib.orders.queries import listing
from chalicelib.orders.rules import AWAITING_PAYMENT, COMPLETED, PAYMENT_QUEUE, VIRTUAL, Order
from chalicelib.orders.tables import ORDER, OrderItem, OrdersItem, sortable


def find_order(order_id: str) -> Order | None:
    return OrderItem.find_value(order_id, ORDER)


def address_of(order: Order) -> Address | None:
    """The opened address of an order.

    Raises Unreadable.
    """
    if order.address is None:
        return None
    with naming(OrderItem(order.id, ORDER)):
        return Address.decode(decrypt(order.address, bound_to=order.id))


def note_of(order: Order) -> str | None:
    """The opened note that the member wrote on an order.

    Raises Unreadable.
    """
    if order.note is None:
        return None
    with naming(OrderItem(order.id, ORDER)):
        return decrypt(order.note, bound_to=order.id).decode()


def codes_of(order: Order) -> dict[str, list[str]]:
    """The codes of an order, by SKU; none while a bank has its cash.

    Raises Unreadable.
    """
    if order.codes is None or order.disputed:
        return {}
    with naming(OrderItem(order.id, ORDER)):
        opened = decrypt(order.codes, bound_to=order.id)
        return msgspec.json.decode(opened, type=dict[str, list[str]])


def waiting_for_codes() -> set[str]:
    """Ids of virtual orders that wait for their codes, by a scan of the whole table.

    Orders placed during the scan may be missing.
    """
    waits = (
        (OrderItem.sk == ORDER)
        & (OrderItem.kind == VIRTUAL)
        & OrderItem.codes.does_not_exist()
        & OrderItem.status.is_in(AWAITING_PAYMENT, COMPLETED)
    )
    keys = OrdersItem.scan(waits, attributes_to_get=["pk", "sk"])
    return {item.pk for item in keys}


def unpaid_virtual_orders() -> set[str]:
    """Ids of all unpaid virtual orders; the index may be a moment old."""
    found = listing.waiting_index().query(PAYMENT_QUEUE, None, OrderItem.kind == VIRTUAL)
    return {item.pk for item in found}


def get_order(order_id: str, member_id: str | None = None) -> Order:
    """The order of this member, under whichever id they placed it; of any member for None.

    Raises NotFound.
    """
    order = find_order(order_id)
    if order is None:
        raise NotFound()
    if member_id is not None and not members.is_same(order.member_id, member_id):
        raise NotFound()
    return order


def orders_of(member_id: str, status: str | None, asked: PageQuery) -> Page[Order]:
    """A member's orders, newest first.

    Raises InvalidCursor.
    """
    scope = f"orders|{member_id}|{status}"
    return listing.of_member(scope, asked, member_id, status=status, leave_out_unreadable=True)


def unpaid_orders(member_id: str, since_ms: int) -> int:
    """The number of a member's unpaid orders placed since then; an order placed a moment ago may
    be missing.

    A number that reaches the limit is of consistent reads: a refusal rests on it.
    """
    recent = listing.of_member_index().query(
        member_id, OrdersItem.placed >= sortable(since_ms), OrdersItem.ended.does_not_exist()
    )
    unpaid = _unpaid(listing.find_each([entry.pk for entry in recent]))
    if len(unpaid) < config().orders.unpaid_orders_at_most:
        return len(unpaid)
    again: dict[str, Order] = each_readable(unpaid, partial(listing.find_orders, consistent=True))
    return len(_unpaid(again))


def _unpaid(found: Mapping[str, Order | Unreadable]) -> list[str]:
    """Ids of the unpaid orders among these."""
    return [
        order_id
        for order_id, each in found.items()
        if isinstance(each, Order) and each.status == AWAITING_PAYMENT
    ]


def due_in(queue: str, at_ms: int) -> Iterator[str]:
    """Ids of the orders in a queue that are due by then, the longest due first."""
    due = OrdersItem.queue_at <= sortable(at_ms)
    for item in listing.waiting_index().query(queue, due):
        yield item.pk
