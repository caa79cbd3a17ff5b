"""Writes of stores."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from chalicelib import audit
from chalicelib.catalog.actions.versions import put_next
from chalicelib.catalog.queries.stores import find_store_item
from chalicelib.catalog.rules.stores import (
    Store,
    StoreChange,
    StoreDraft,
    changed_store,
    new_store,
)
from chalicelib.catalog.tables.stores import STORES, StoreItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal


def create_store(
    draft: StoreDraft, store_id: str, audited: audit.Act, content: bytes, now: datetime
) -> tuple[Store, bool]:
    """Create a store: (store, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> Store:
        store = new_store(draft, store_id, to_ms(now))
        writes = WriteSet()
        writes.put_new(StoreItem.of(store, content), or_raise=IdempotencyKeyReused)
        audit.record(writes, audited.changing({}, _told(store)))
        writes.commit()
        return store

    def find() -> Store | None:
        item = replay_of(StoreItem.find(STORES, store_id), content)
        return item.store if item else None

    return replay_outranks_refusal(write, find)


def update_store(store_id: str, change: StoreChange, version: int, audited: audit.Act) -> Store:
    """Change a store.

    Raises NotFound, Stale, Invalid.
    """

    def changed(writes: WriteSet, item: StoreItem) -> StoreItem:
        store = changed_store(item.store, change)
        audit.record(writes, audited.changing(_told(item.store), _told(store)))
        return StoreItem.of(store, item.made_of)

    return put_next(partial(find_store_item, store_id), version, changed).store


def _told(store: Store) -> dict[str, str | int | bool | None]:
    """The facts of a store that the audit keeps."""
    return {
        "title": store.title.zh,
        "city": store.city.zh,
        "address": store.address.zh,
        "status": store.status,
        "staff": len(store.staff),
    }
