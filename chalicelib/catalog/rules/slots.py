"""Slots of services: a time at a store with seats, made singly or as a weekly series.

A slot's id tells where it is: its start, its product and its store, so one time is there once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.catalog.errors import SEATS_LEFT, SlotClosed, SlotFull, SlotInThePast
from chalicelib.catalog.rules.stores import Day
from chalicelib.catalog.rules.validity import Instant
from chalicelib.kernel.clock import from_ms, rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Invalid, Words

# One transaction writes a series and its record.
MAX_SERIES = 90
MAX_AHEAD = timedelta(days=400)
# The longest time that one list tells.
MAX_SHOWN = timedelta(days=92)
_ID = re.compile(r"slt_([0-9a-f]{9})([a-z2-7]{26})([a-z2-7]{6}|0{6})\Z")
_NO_STORE = "0" * 6

SlotState = Literal["open", "full", "closed"]
Seats = Annotated[int, Meta(ge=1, le=10_000)]
Minutes = Annotated[int, Meta(ge=5, le=24 * 60)]
StoreId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[!-~]+$(?!\n)")]


class Weekly(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same time on these days of each week, 1 is Monday, up to and with the day `until`."""

    days: Annotated[list[Day], Meta(min_length=1, max_length=7)]
    until: date


class SlotsIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A slot, or with `weekly` a series of at most 90: all of it is made, or nothing.

    `starts_at` is the first; later ones start at its time of day on the program's clock.
    """

    product_id: Annotated[str, Meta(min_length=1, max_length=64)]
    store_id: StoreId | None = None
    starts_at: Instant
    minutes: Minutes
    capacity: Seats
    weekly: Weekly | None = None


class SlotChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other seats, or whether it takes bookings; seats that are booked stay so."""

    capacity: Seats | UnsetType = UNSET
    closed: bool | UnsetType = UNSET


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A time of a service; `left` of its seats are free. Times in epoch milliseconds."""

    id: str
    product_id: str
    starts_at_ms: int
    ends_at_ms: int
    capacity: int
    left: int
    store_id: str | None = None
    closed: bool = False
    version: int = 1

    @property
    def booked(self) -> int:
        return self.capacity - self.left

    @property
    def state(self) -> SlotState:
        if self.closed:
            return "closed"
        return "open" if self.left > 0 else "full"


def slot_id_of(product_id: str, starts_at_ms: int, store_id: str | None) -> str:
    """The id of the slot at this time, whether there is one or not."""
    where = store_id.partition("_")[2][:6] if store_id else _NO_STORE
    return f"{slot_time(starts_at_ms)}{product_id.partition('_')[2]}{where}"


def slot_time(at_ms: int) -> str:
    """The begin of the ids of all slots at a time: they sort by it."""
    return f"slt_{max(at_ms, 0) // 1000:09x}"


def product_of_slot(slot_id: str) -> str | None:
    """The product of a slot; None for a text that is no id of one."""
    found = _ID.match(slot_id)
    return f"prd_{found[2]}" if found else None


def new_slots(asked: SlotsIn, now: datetime) -> list[Slot]:
    """The slots of a request, the earliest first.

    Raises Invalid, SlotInThePast.
    """
    first = asked.starts_at
    if first.second or first.microsecond:
        words = Words("须为整分钟", "must be a whole minute")
        raise Invalid(FieldError("starts_at", "not_a_minute", words))
    if first <= now:
        raise SlotInThePast(starts_at=rfc3339_ms(to_ms(first)))
    if first > now + MAX_AHEAD:
        words = Words("最多提前 400 天", "is more than 400 days ahead")
        raise Invalid(FieldError("starts_at", "out_of_range", words))
    slots = [_slot(asked, at) for at in _times(asked)]
    if not 1 <= len(slots) <= MAX_SERIES:
        words = Words(f"一次须生成 1 至 {MAX_SERIES} 个时段", f"must give 1 to {MAX_SERIES} slots")
        raise Invalid(FieldError("weekly", "too_many" if slots else "no_slots", words))
    return slots


def _times(asked: SlotsIn) -> Iterator[datetime]:
    if asked.weekly is None:
        yield asked.starts_at
        return
    zone = config().time_zone
    local = asked.starts_at.astimezone(zone)
    last = min(asked.weekly.until, (local + MAX_AHEAD).date())
    day = local.date()
    while day <= last:
        if day.isoweekday() in asked.weekly.days:
            yield datetime.combine(day, local.time(), zone)
        day += timedelta(days=1)


def _slot(asked: SlotsIn, at: datetime) -> Slot:
    starts_at_ms = to_ms(at)
    return Slot(
        id=slot_id_of(asked.product_id, starts_at_ms, asked.store_id),
        product_id=asked.product_id,
        starts_at_ms=starts_at_ms,
        ends_at_ms=starts_at_ms + asked.minutes * 60_000,
        capacity=asked.capacity,
        left=asked.capacity,
        store_id=asked.store_id,
    )


def check_bookable(slot: Slot, seats: int, now: datetime) -> None:
    """Check that these seats of a slot can be booked.

    Raises SlotInThePast, SlotClosed, SlotFull.
    """
    if from_ms(slot.starts_at_ms) <= now:
        raise SlotInThePast(starts_at=rfc3339_ms(slot.starts_at_ms))
    if slot.closed:
        raise SlotClosed()
    if slot.left < seats:
        refusal = SlotFull(left=slot.left)
        raise refusal.saying(SEATS_LEFT) if slot.left > 0 else refusal


def shown_time(
    from_at: datetime | None, to_at: datetime | None, now: datetime, *, past: bool = False
) -> tuple[int, int]:
    """The begin and the end of a list of slots, in epoch milliseconds; 31 days if silent.

    Raises Invalid.
    """
    start = from_at or now
    end = to_at or start + timedelta(days=31)
    if end <= start:
        raise Invalid(FieldError("to", "not_after_from", Words("须晚于 from", "must be later")))
    if end - start > MAX_SHOWN:
        words = Words("一次最多查询 92 天", "must be at most 92 days after from")
        raise Invalid(FieldError("to", "out_of_range", words))
    return to_ms(start if past else max(start, now)), to_ms(end)
