"""Changes of what the staff edits: each names the version that it was made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.errors import Stale
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads

S = TypeVar("S", bound=CatalogItem)


def put_next(read: Callable[[], S], version: int, change: Callable[[WriteSet, S], S]) -> S:
    """Put the next version of the item that is `read`: `change` makes it, and may add writes.

    Raises Stale if the item has another version, and what `read` and `change` raise.
    """

    def write() -> S:
        seen: Any = read()
        if seen.version != version:
            raise Stale()
        writes = WriteSet()
        after = change(writes, seen)
        writes.put(after, condition=type(seen).version == version, or_raise=Stale)
        writes.commit()
        return after

    return with_fresh_reads(write)
