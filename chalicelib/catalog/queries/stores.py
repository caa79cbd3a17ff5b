"""Reads of stores."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from chalicelib.catalog.rules.stores import Store, StoreStatus
from chalicelib.catalog.tables.stores import STORES, StoreItem
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.store.reads import ReadSet


def find_store(store_id: str, *, consistent: bool = True) -> Store | None:
    """A store; None also for a text that is no id of one."""
    item = (
        StoreItem.find(STORES, store_id, consistent=consistent) if is_id("sto", store_id) else None
    )
    return item.store if item else None


def find_store_item(store_id: str) -> StoreItem:
    """The stored item of a store.

    Raises NotFound, also for a malformed id.
    """
    known = is_id("sto", store_id)
    item: StoreItem = or_not_found(StoreItem.find(STORES, store_id) if known else None)
    return item


def want_store(reads: ReadSet, store_id: str, *, consistent: bool) -> Callable[[], Store | None]:
    """As `find_store`, in a caller's `ReadSet`: a function that gives the store after `read`."""
    if not is_id("sto", store_id):
        return lambda: None
    find = reads.want(StoreItem, STORES, store_id, consistent=consistent)

    def found() -> Store | None:
        item = find()
        return item.store if item else None

    return found


def list_stores(
    page: PageQuery, *, city: str | None = None, status: StoreStatus | None = None
) -> Page[Store]:
    """Stores of a city, by either of its names, the newest first: one query.

    Raises InvalidCursor.
    """
    filters = None if status is None else StoreItem.status == status
    if city is not None:
        named = (StoreItem.city_zh == city) | (StoreItem.city_en == city)
        filters = named if filters is None else filters & named
    query = partial(
        StoreItem.query,
        STORES,
        None,
        filters,
        index_name="newest",
        scan_index_forward=False,
        page_size=None if filters is None else FILTERED_PAGE,
    )
    return cursors.page(f"stores|{city}|{status}", page, query, lambda item: item.store)
