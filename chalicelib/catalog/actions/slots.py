"""Writes of slots: made, changed, and the seats that bookings take and give back."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET

from chalicelib import audit
from chalicelib.catalog.errors import SlotExists, SlotHasBookings, SlotsAreForServices
from chalicelib.catalog.queries.products import find_product_item
from chalicelib.catalog.queries.slots import get_slot
from chalicelib.catalog.queries.stores import find_store
from chalicelib.catalog.rules.slots import Slot, SlotChange, SlotsIn, new_slots, product_of_slot
from chalicelib.catalog.rules.stores import unknown_store
from chalicelib.catalog.tables.slots import MadeSlotsItem, SlotItem, slots_key
from chalicelib.kernel import clock
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import (
    FieldError,
    IdempotencyKeyReused,
    Invalid,
    Moved,
    NotFound,
    Stale,
    Words,
)
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads


def create_slots(
    asked: SlotsIn, made_id: str, audited: audit.Act, content: bytes, now: datetime
) -> tuple[list[Slot], bool]:
    """Create a slot or a series, all of it or nothing: (slots, replayed).

    Raises Invalid, SlotsAreForServices, SlotInThePast, SlotExists, IdempotencyKeyReused.
    """
    made = MadeSlotsItem.key(made_id)

    def write() -> list[Slot]:
        _check_place(asked)
        slots = new_slots(asked, now)
        made.product_id, made.made_of = asked.product_id, content
        made.slots = [slot.id for slot in slots]
        writes = WriteSet()
        writes.put_new(made, or_raise=IdempotencyKeyReused)
        for slot in slots:
            at_ms = slot.starts_at_ms
            at = clock.shown(clock.from_ms(at_ms))
            twice = SlotExists(starts_at=clock.rfc3339_ms(at_ms)).telling(at=at)
            writes.put_new(SlotItem.of(slot), or_raise=twice)
        first = clock.rfc3339_ms(slots[0].starts_at_ms)
        told: audit.Facts = {"slots": len(slots), "starts_at": first, "capacity": asked.capacity}
        audit.record(writes, audited.changing({}, told))
        writes.commit()
        return slots

    def find() -> list[Slot] | None:
        item = replay_of(MadeSlotsItem.find(made.pk, made.sk), content)
        if item is None:
            return None
        keys = [(slots_key(item.product_id), slot_id) for slot_id in item.slots]
        found = SlotItem.batch_get(keys, consistent_read=True)
        return sorted((each.value() for each in found), key=lambda slot: slot.id)

    return replay_outranks_refusal(write, find)


def update_slot(slot_id: str, change: SlotChange, version: int, audited: audit.Act) -> Slot:
    """Change the seats of a slot, or whether it takes bookings. Booked seats stay booked.

    Raises NotFound, Stale, SlotHasBookings.
    """

    def write() -> Slot:
        slot = get_slot(slot_id)
        if slot.version != version:
            raise Stale()
        capacity = slot.capacity if change.capacity is UNSET else change.capacity
        closed = slot.closed if change.closed is UNSET else change.closed
        if capacity < slot.booked:
            raise SlotHasBookings(booked=slot.booked)
        more = capacity - slot.capacity
        writes = WriteSet()
        writes.update(
            SlotItem.key(slot.product_id, slot.id),
            [
                SlotItem.capacity.set(capacity),
                SlotItem.left.set(SlotItem.left + more),
                SlotItem.closed.set(True) if closed else SlotItem.closed.remove(),
                SlotItem.version.set(version + 1),
            ],
            condition=(SlotItem.version == version) & (SlotItem.left >= -more),
            or_raise=Moved,
        )
        seen = {"capacity": slot.capacity, "closed": slot.closed}
        audit.record(writes, audited.changing({**seen}, {"capacity": capacity, "closed": closed}))
        writes.commit()
        return get_slot(slot_id)

    return with_fresh_reads(write)


def take_seats(writes: WriteSet, slot: Slot, seats: int) -> None:
    """Add to a transaction: take seats of a slot that was read and checked.

    The commit raises Moved if too few are left or it was closed: read it again.
    """
    if seats < 1:
        raise ValueError("a booking takes one seat or more")
    free = (SlotItem.left >= seats) & SlotItem.closed.does_not_exist()
    key = SlotItem.key(slot.product_id, slot.id)
    writes.update(key, [SlotItem.left.set(SlotItem.left - seats)], condition=free)


def release_seats(writes: WriteSet, slot_id: str, seats: int) -> None:
    """Add to a transaction: give seats of a slot back, whatever its state."""
    product_id = product_of_slot(slot_id)
    assert product_id is not None, "a booked slot has an id"
    key = SlotItem.key(product_id, slot_id)
    writes.update(key, [SlotItem.left.set(SlotItem.left + seats)], condition=SlotItem.left.exists())


def _check_place(asked: SlotsIn) -> None:
    """Raises Invalid, SlotsAreForServices."""
    try:
        product = find_product_item(asked.product_id, consistent=True).product
    except NotFound:
        words = Words("没有这个商品", "is not a product")
        raise Invalid(FieldError("product_id", "unknown_product", words)) from None
    if product.kind != "service":
        raise SlotsAreForServices()
    if asked.store_id is not None:
        store = find_store(asked.store_id)
        if store is None or store.status != "open":
            raise unknown_store("store_id")
