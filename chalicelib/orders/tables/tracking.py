"""Items of carriers' events, in the orders table.

PARCEL#<number>  EVENT#<carrier>#<id>   an event of a parcel, under the carrier's id of it
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.spelling import letters_of
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute
from chalicelib.orders.rules.tracking import ParcelEvent
from chalicelib.orders.tables.items import OrdersItem


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
