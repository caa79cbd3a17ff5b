"""Pages of a list that is short enough to be read whole: newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


class Slice:
    """Rows one by one, with the place of the last one taken, as PynamoDB's results have it."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = iter(rows)
        self.last_evaluated_key: list[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        row = next(self._rows)
        self.last_evaluated_key = _place(row)
        return row


def slices(rows: Sequence[Any]) -> Callable[..., Slice]:
    """Rows as `cursors.page` asks a query for them."""

    def query(*, limit: int, last_evaluated_key: list[Any] | None) -> Slice:
        # By place, not by row: the row that a page ended with may be gone when the next is read.
        left = [r for r in rows if last_evaluated_key is None or _place(r) < last_evaluated_key]
        return Slice(left[:limit])

    return query


def _place(row: Any) -> list[Any]:
    return [row.created_at, row.id]
