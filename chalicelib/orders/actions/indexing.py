"""Look-ups of orders that an earlier release wrote without them; operators run it once."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.orders.tables import ShippedItem, TrackingItem


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
