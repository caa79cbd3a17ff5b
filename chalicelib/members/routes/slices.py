"""Pages of a list that is short enough to be read whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


class Slice:
    """Rows one by one, with the place of the last one taken, as PynamoDB's results have it."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = iter(rows)
        self.last_evaluated_key: str | None = None

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        row = next(self._rows)
        self.last_evaluated_key = row.id
        return row


def slices(rows: Sequence[Any]) -> Callable[..., Slice]:
    """Rows as `cursors.page` asks a query for them; a row that is gone ends the list."""

    def query(*, limit: int, last_evaluated_key: str | None) -> Slice:
        if last_evaluated_key is None:
            return Slice(rows[:limit])
        ids = [row.id for row in rows]
        known = last_evaluated_key in ids
        start = ids.index(last_evaluated_key) + 1 if known else len(ids)
        return Slice(rows[start : start + limit])

    return query
