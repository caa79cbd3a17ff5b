"""What an earlier release wrote of orders without: look-ups, ends; operators run it once."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.orders.rules import ENDED
from chalicelib.orders.tables import ORDER, OrderItem, OrdersItem, ShippedItem, TrackingItem


def index_parcels() -> Iterator[int]:
    """Make each parcel found by its tracking number; for each item read, how many look-ups it has.

    Each is a put of the same item, however often it is done and whatever is shipped meanwhile.
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
    """Tell the index of members' orders which of them an earlier release has ended; 1 for each.

    Lists are right without: they read each order that does not say whether it has ended. Nothing
    follows an end, so it may run beside any traffic, and again.
    """
    has_ended = OrderItem.status.is_in(*sorted(ENDED))
    unmarked = (OrderItem.sk == ORDER) & OrdersItem.ended.does_not_exist() & has_ended
    for item in OrdersItem.scan(unmarked, attributes_to_get=["pk", "sk"]):
        item.update([OrdersItem.ended.set(OrderItem.status)], condition=has_ended)
        yield 1
