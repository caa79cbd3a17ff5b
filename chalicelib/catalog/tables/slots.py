"""Items of slots, in the catalog table: a service's slots stand together, by time."""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.catalog.rules.slots import Slot
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute


def slots_key(product_id: str) -> str:
    return f"SLOTS#{product_id}"


class SlotItem(CatalogItem):
    """A slot: a booking takes seats of `left` under a condition."""

    product_id = UnicodeAttribute()
    starts_at = IntegerAttribute()  # epoch milliseconds
    ends_at = IntegerAttribute()
    capacity = IntegerAttribute()
    left = IntegerAttribute()
    store_id = UnicodeAttribute(null=True)
    closed = BooleanAttribute(null=True)
    version = IntegerAttribute()

    @classmethod
    def key(cls, product_id: str, slot_id: str) -> SlotItem:
        return cls(slots_key(product_id), slot_id)

    @classmethod
    def of(cls, slot: Slot) -> SlotItem:
        return cls.holding(
            slot, slots_key(slot.product_id), slot.id, closed=True if slot.closed else None
        )

    def value(self) -> Slot:
        return self.into(Slot, id=self.sk, closed=bool(self.closed))


class MadeSlotsItem(CatalogItem):
    """The slots that an idempotency key made."""

    product_id = UnicodeAttribute()
    slots = StructAttribute[list[str]](list[str])
    made_of = BytesAttribute()

    @classmethod
    def key(cls, made_id: str) -> MadeSlotsItem:
        return cls(f"MADE#{made_id}", "SLOTS")
