"""Index entries for orders of earlier releases; operators run it once."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.kernel.store.writes import update_alone
from chalicelib.orders.rules import ENDED, queue_of
from chalicelib.orders.tables import (
    ORDER,
    OrderItem,
    OrdersItem,
    ShippedItem,
    TrackingItem,
    sortable,
)


def index_parcels() -> Iterator[int]:
    """Index each parcel by its tracking number; yield the number of entries for each item read.

    A repeated run puts the same items. Orders may be shipped meanwhile.
    """
    needed = ["pk", "sk", "placed", "parcels"]
    with TrackingItem.batch_write() as batch:
        for item in ShippedItem.scan(attributes_to_get=needed):
            made = [
                TrackingItem.of(item.pk, int(item.placed), parcel.tracking_number)
                for parcel in item.parcels or ()
            ]
            for each in {each.pk: each for each in made if each is not None}.values():
                batch.save(each)
            yield len(made)


def mark_ended() -> Iterator[int]:
    """Mark ended orders of earlier releases in the index of members' orders; yield 1 for each.

    Lists are correct without it: they read each unmarked order. No state follows an end, so it may
    run beside any traffic, and again.
    """
    has_ended = OrderItem.status.is_in(*sorted(ENDED))
    unmarked = (OrderItem.sk == ORDER) & OrdersItem.ended.does_not_exist() & has_ended
    for item in OrdersItem.scan(unmarked, attributes_to_get=["pk", "sk"]):
        item.update([OrdersItem.ended.set(OrderItem.status)], condition=has_ended)
        yield 1


def put_into_lists() -> Iterator[int]:
    """Put orders of earlier releases into their lists; yield 1 for each that was in another one.

    Ended orders stood in no list, and parcels on their way in one list. It may run beside any
    traffic, and again.
    """
    for item in OrderItem.scan(OrderItem.sk == ORDER):
        queue, place_ms = queue_of(item.value())
        # A sweep may have deferred an order: it keeps its place.
        if item.queue == queue:
            yield 0
            continue
        changes = [OrdersItem.queue.set(queue), OrdersItem.queue_at.set(sortable(place_ms))]
        unmoved = OrderItem.version == item.version
        key = OrdersItem(item.pk, ORDER)
        yield int(update_alone(key, changes, condition=unmoved))
