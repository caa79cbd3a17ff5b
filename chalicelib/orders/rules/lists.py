"""The lists that the staff and the sweeps find orders in: an order stands in one of them.

A list is one or more queues of the index of waiting orders. An order that has ended stands in one
of several, by a hash of its id: no queue takes all orders of a mall for ever.
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

from chalicelib.orders.rules.orders import (
    APPROVED,
    AWAITING_PAYMENT,
    AWAITING_REVIEW,
    CANCELLED,
    COD,
    COMPLETED,
    DELIVERED,
    ENDED,
    IN_REVIEW,
    PAID_WITHIN_MS,
    REJECTED,
    SHIPPED,
    Order,
)

REVIEW_QUEUES = (AWAITING_REVIEW, IN_REVIEW, APPROVED)
# Queues of the sweeps: unpaid orders, dead ones that may still be paid.
PAYMENT_QUEUE, UNSETTLED_QUEUE = "payment", "unsettled"
# Parcels on their way, those of them whose carrier is to collect cash, parcels that have come.
RECEIPT_QUEUE, UNCOLLECTED_QUEUE, DELIVERED_QUEUE = "receipt", "uncollected", "delivered"
RECEIPT_QUEUES = (RECEIPT_QUEUE, UNCOLLECTED_QUEUE, DELIVERED_QUEUE)
# All their units were refunded before they ended.
REFUNDED = "refunded"
CONFIRMED_AFTER_MS = 10 * 24 * 3600 * 1000
# Queues of each list of orders that wait for nobody. Never fewer: a list would lose orders.
SHARDS = 8


class OrderList(NamedTuple):
    """Queues of one list. An order's place there is at least `after_ms` behind its placing, and
    just so if the list is `by_placing`.
    """

    queues: tuple[str, ...]
    after_ms: int = 0
    by_placing: bool = True


def _shards(name: str) -> tuple[str, ...]:
    return tuple(f"{name}#{shard}" for shard in range(SHARDS))


LISTS: dict[str, OrderList] = {
    AWAITING_PAYMENT: OrderList((PAYMENT_QUEUE,), PAID_WITHIN_MS, by_placing=False),
    AWAITING_REVIEW: OrderList((AWAITING_REVIEW,)),
    IN_REVIEW: OrderList((IN_REVIEW,)),
    APPROVED: OrderList((APPROVED,)),
    SHIPPED: OrderList((RECEIPT_QUEUE, UNCOLLECTED_QUEUE), CONFIRMED_AFTER_MS, by_placing=False),
    DELIVERED: OrderList((DELIVERED_QUEUE,), CONFIRMED_AFTER_MS, by_placing=False),
    COMPLETED: OrderList(_shards(COMPLETED)),
    CANCELLED: OrderList(_shards(CANCELLED)),
    REJECTED: OrderList(_shards(REJECTED)),
    REFUNDED: OrderList(_shards(REFUNDED)),
    UNCOLLECTED_QUEUE: OrderList((UNCOLLECTED_QUEUE,), CONFIRMED_AFTER_MS, by_placing=False),
    UNSETTLED_QUEUE: OrderList((UNSETTLED_QUEUE,), by_placing=False),
}
# Lists of all orders, in the order in which an order goes through them: who reads them so misses
# none, whatever is done to orders meanwhile.
IN_FLOW = (
    AWAITING_PAYMENT,
    AWAITING_REVIEW,
    IN_REVIEW,
    APPROVED,
    SHIPPED,
    DELIVERED,
    UNSETTLED_QUEUE,
    REFUNDED,
    COMPLETED,
    CANCELLED,
    REJECTED,
)


def queue_of(order: Order) -> tuple[str, int]:
    """The queue that an order stands in, and its place there (epoch milliseconds)."""
    if order.status == AWAITING_PAYMENT:
        return PAYMENT_QUEUE, order.pay_until_ms
    if order.unsettled:
        return UNSETTLED_QUEUE, order.steps[-1].at_ms
    if order.status in ENDED:
        return _shard_of(order, order.status), order.created_at_ms
    if order.is_refunded:
        return _shard_of(order, REFUNDED), order.created_at_ms
    if order.status in REVIEW_QUEUES:
        return order.status, order.created_at_ms
    return _receipt_queue(order), order.steps[-1].at_ms + CONFIRMED_AFTER_MS


def _receipt_queue(order: Order) -> str:
    if order.status == DELIVERED:
        return DELIVERED_QUEUE
    return UNCOLLECTED_QUEUE if order.method == COD and order.paid is None else RECEIPT_QUEUE


def _shard_of(order: Order, name: str) -> str:
    return LISTS[name].queues[crc32(order.id.encode()) % SHARDS]
