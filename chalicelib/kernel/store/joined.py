"""A list whose rows stand in several partitions, such as those of a member's ids, in one order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any

Key = dict[str, dict[str, str]]


def joined(
    partitions: Sequence[str],
    query: Callable[..., Any],
    keys: tuple[str, ...],
    *,
    partition: str,
    place: str,
) -> Callable[..., Any]:
    """A query of all these partitions, the last place first, to be given to `cursors.page`.

    `query` takes a partition; `keys` are the attributes of a position in its index, of which
    `partition` and `place` are the index's own two. A position in one partition is one in each.
    """
    if len(partitions) == 1:

        def alone(**asked: Any) -> Any:
            return query(partitions[0], **asked)

        return alone

    def all_of_them(*, last_evaluated_key: Key | None = None, **asked: Any) -> _Joined:
        def part(name: str) -> Any:
            after = {**last_evaluated_key, partition: {"S": name}} if last_evaluated_key else None
            return query(name, last_evaluated_key=after, **asked)

        return _Joined([part(name) for name in partitions], keys, place)

    return all_of_them


class _Joined(Iterator[Any]):
    """Rows of several queries by their place, and the position of the last one taken."""

    def __init__(self, parts: Sequence[Iterator[Any]], keys: tuple[str, ...], place: str) -> None:
        self.last_evaluated_key: Key | None = None
        self._keys = keys
        self._rows = heapq.merge(*parts, key=attrgetter(place), reverse=True)

    def __next__(self) -> Any:
        row = next(self._rows)
        self.last_evaluated_key = {name: {"S": getattr(row, name)} for name in self._keys}
        return row
