"""Reads of orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from chalicelib.kernel.crypto import decrypt
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery, page
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.store.tables import naming
from chalicelib.members import Address
from chalicelib.orders.rules import AWAITING_PAYMENT, COMPLETED, PAYMENT_QUEUE, VIRTUAL, Order
from chalicelib.orders.tables import ORDER, OrderItem, OrdersItem, sortable


def find_order(order_id: str) -> Order | None:
    item = OrderItem.find(order_id, ORDER)
    return item.value() if item else None


def address_of(order: Order) -> Address | None:
    """Where an order goes, opened.

    Raises Unreadable.
    """
    if order.address is None:
        return None
    with naming(OrderItem(order.id, ORDER)):
        return Address.decode(decrypt(order.address, bound_to=order.id))


def codes_of(order: Order) -> dict[str, list[str]]:
    """The codes that an order was handed out, by SKU; none while a bank has its cash.

    Raises Unreadable.
    """
    if order.codes is None or order.disputed:
        return {}
    with naming(OrderItem(order.id, ORDER)):
        opened = decrypt(order.codes, bound_to=order.id)
        return msgspec.json.decode(opened, type=dict[str, list[str]])


def find_orders(order_ids: Iterable[str], *, consistent: bool = False) -> dict[str, Order]:
    """Orders by id, a hundred a request, as the table has them now or, unless `consistent`, had
    them a moment ago.
    """
    keys = [(order_id, ORDER) for order_id in dict.fromkeys(order_ids)]
    found = OrderItem.batch_get(keys, consistent_read=consistent)
    return {item.pk: item.value() for item in found}


def waiting_for_codes() -> set[str]:
    """Ids of the orders of virtual goods that have no codes and were not undone, by a scan of the
    whole table; those placed while it is read may be missing.
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
    """Ids of all orders of virtual goods that await their cash, with those of a moment ago."""
    found = OrderItem.queue_index.query(PAYMENT_QUEUE, None, OrderItem.kind == VIRTUAL)
    return {item.pk for item in found}


def get_order(order_id: str, member_id: str | None = None) -> Order:
    """The order, if it is this member's; None asks for the staff.

    Raises NotFound.
    """
    order = find_order(order_id)
    if order is None or member_id not in (None, order.member_id):
        raise NotFound()
    return order


def orders_of(member_id: str, status: str | None, asked: PageQuery) -> Page[Order]:
    """A member's orders, newest first.

    Raises InvalidCursor.
    """

    def query(**paging: Any) -> Any:
        if status:
            paging["page_size"] = FILTERED_PAGE
        return OrderItem.by_member.query(
            member_id,
            filter_condition=OrderItem.status == status if status else None,
            scan_index_forward=False,
            **paging,
        )

    scope = f"orders|{member_id}|{status}"
    return page(scope, asked, query, OrderItem.value, leave_out_unreadable=True)


def unpaid_orders(member_id: str, since_ms: int) -> int:
    """How many orders of a member, placed since then, await their cash; one that was placed a
    moment ago may be missing.
    """
    return OrderItem.by_member.count(
        member_id, OrderItem.placed >= sortable(since_ms), OrderItem.status == AWAITING_PAYMENT
    )


def review_queue(status: str, asked: PageQuery) -> Page[Order]:
    """Orders of all members that wait in a state, the oldest first.

    Raises InvalidCursor.
    """

    def query(**paging: Any) -> Any:
        return OrderItem.queue_index.query(status, **paging)

    return page(f"queue|{status}", asked, query, OrderItem.value)


def due_in(queue: str, at_ms: int) -> Iterator[str]:
    """Ids of the orders in a queue whose time has come by then, the longest due first."""
    due = OrderItem.queue_at <= sortable(at_ms)
    for item in OrderItem.queue_index.query(queue, due):
        yield item.pk
