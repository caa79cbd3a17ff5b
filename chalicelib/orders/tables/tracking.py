"""Items of carriers' events and of the look-up of parcels, in the orders table.

TRACK#<number>   <placed>#<order>       a parcel's number, letters and digits alone
PARCEL#<number>  EVENT#<carrier>#<id>   an event of a parcel, under the carrier's id of it
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.spelling import letters_of
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute
from chalicelib.orders.rules.tracking import ParcelEvent
from chalicelib.orders.tables.items import OrdersItem, sortable


class ParcelEventItem(OrdersItem):
    """An event of a parcel; `content` is the digest of what was sent."""

    type = UnicodeAttribute()
    at = IntegerAttribute()  # epoch milliseconds
    place = UnicodeAttribute(null=True)
    content = BytesAttribute()

    @staticmethod
    def key_of(tracking_number: str) -> str:
        return f"PARCEL#{letters_of(tracking_number)}"

    @classmethod
    def told(
        cls, tracking_number: str, carrier: str, event: ParcelEvent, content: bytes
    ) -> ParcelEventItem:
        return cls(
            cls.key_of(tracking_number),
            f"EVENT#{carrier}#{event.id}",
            type=event.type,
            at=event.at_ms,
            place=event.place,
            content=content,
        )

    def value(self) -> ParcelEvent:
        return self.into(ParcelEvent, id=self.sk.split("#", 2)[2])


class TrackingItem(OrdersItem):
    """That a parcel of an order has a tracking number: several orders may go in one parcel.

    Its sort key is the order's time and id: the newest come last.
    """

    @staticmethod
    def key_of(number: str) -> str:
        return f"TRACK#{number}"

    @classmethod
    def of(cls, order_id: str, created_at_ms: int, tracking_number: str) -> TrackingItem | None:
        """None for a number without a letter or a digit, which nobody looks for."""
        number = letters_of(tracking_number)
        return cls(cls.key_of(number), f"{sortable(created_at_ms)}#{order_id}") if number else None

    @property
    def order_id(self) -> str:
        return self.sk.partition("#")[2]
