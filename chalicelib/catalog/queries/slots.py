"""Reads of slots: one query of a service's time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pynamodb.expressions.condition import Condition

from chalicelib.catalog.rules.slots import Slot, product_of_slot, slot_time
from chalicelib.catalog.tables.slots import SlotItem, slots_key
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.store.reads import ReadSet


def find_slot(slot_id: str) -> Slot | None:
    """A slot, consistently; None also for a text that is no id of one."""
    product_id = product_of_slot(slot_id)
    return SlotItem.find_value(slots_key(product_id), slot_id) if product_id else None


def get_slot(slot_id: str) -> Slot:
    """Raises NotFound."""
    return or_not_found(find_slot(slot_id))


def want_slot(reads: ReadSet, slot_id: str, *, consistent: bool) -> Callable[[], Slot | None]:
    """As `find_slot`, in a caller's `ReadSet`: a function that gives the slot after `read`."""
    product_id = product_of_slot(slot_id)
    if product_id is None:
        return lambda: None
    find = reads.want(SlotItem, slots_key(product_id), slot_id, consistent=consistent)

    def found() -> Slot | None:
        item = find()
        return item.value() if item else None

    return found


def has_slots(product_id: str) -> bool:
    """Whether a service is booked by slots: one that ever had any is. Half a read unit."""
    found = SlotItem.query(slots_key(product_id), limit=1, page_size=1)
    return next(iter(found), None) is not None


def list_slots(
    product_id: str,
    from_ms: int,
    to_ms: int,
    page: PageQuery,
    *,
    store_id: str | None = None,
    bookable: bool,
) -> Page[Slot]:
    """Slots of a service that start within a time, the earliest first; those that are closed only
    if not just `bookable` ones are wanted.

    Raises InvalidCursor.
    """
    scope = f"slots|{product_id}|{store_id}|{bookable}"
    if to_ms < from_ms + 999:
        cursors.decode(scope, page.cursor)
        return Page([], None)
    filters: Condition | None = SlotItem.closed.does_not_exist() if bookable else None
    if store_id is not None:
        there = SlotItem.store_id == store_id
        filters = there if filters is None else filters & there
    query = partial(
        SlotItem.query,
        slots_key(product_id),
        SlotItem.sk.between(slot_time(from_ms + 999), slot_time(to_ms)),
        filters,
        page_size=None if filters is None else FILTERED_PAGE,
    )
    return cursors.page(scope, page, query, SlotItem.value)
