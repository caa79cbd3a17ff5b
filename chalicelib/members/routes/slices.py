"""Pages of a list that is short enough to be read whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any


class Slices:
    """Rows as `cursors.page` asks a query for them; a position is the last row's id."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    def __call__(self, *, limit: int, last_evaluated_key: str | None) -> Slice:
        start = 0
        if last_evaluated_key is not None:
            ids = [row.id for row in self._rows]
            known = last_evaluated_key in ids
            start = ids.index(last_evaluated_key) + 1 if known else len(ids)
        return Slice(self._rows[start : start + limit], more=start + limit < len(self._rows))


class Slice:
    """One page of rows."""

    def __init__(self, rows: Sequence[Any], *, more: bool) -> None:
        self._rows = rows
        self.last_evaluated_key = rows[-1].id if more else None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)
