"""Write units of a worker's requests, for the gateway's answers: cheap, and counted when asked.

An update is taken for one KB and a put for a new item; `write_units.Meter` looks and is exact.
"""

from __future__ import annotations

import math
from typing import Any

from infra.bench.write_units import Write, indexes_of_tables, item_size, writes_of

_INDEXES = indexes_of_tables()
_UNIT_BYTES = 1024


class Sent:
    """The requests of a process since the last call; a client has one request at a time."""

    def __init__(self) -> None:
        self._last: tuple[str, dict[str, Any]] = ("", {})
        self._all: list[tuple[str, dict[str, Any], bool]] = []

    def watch(self, client: Any) -> None:
        """Count a client's requests."""
        client.meta.events.register("before-parameter-build.dynamodb", self._asked)
        client.meta.events.register("after-call.dynamodb", self._answered)

    def take(self) -> int:
        """Write units since the last call, those of sparse indexes included."""
        sent, self._all = self._all, []
        return sum(
            write.factor if refused else units_of(write)
            for operation, params, refused in sent
            for write in writes_of(operation, params)
        )

    def forget(self) -> None:
        """Start counting again at 0."""
        self._all.clear()

    def _asked(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self._last = (model.name, params)

    def _answered(self, parsed: dict[str, Any], **_: Any) -> None:
        self._all.append((*self._last, "Error" in parsed))


def units_of(write: Write) -> int:
    """Units of a write that passed, with its index entries."""
    item = write.item or {}
    size = item_size(item)
    each = max(1, math.ceil(size / _UNIT_BYTES))
    indexes = _INDEXES.get(write.table, {}).values() if write.kind == "put" else ()
    entries = [index.projected(item) for index in indexes if index.holds(item)]
    return write.factor * each + sum(
        # An entry that is the whole item need not be measured again.
        each if len(entry) == len(item) else max(1, math.ceil(item_size(entry) / _UNIT_BYTES))
        for entry in entries
    )
