"""A savepoint in the engine: later writes can be listed and undone, item by item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Self, TypeVar

from chalicelib.kernel.store.tables import connection
from tests.faults.provider import THERE
from tests.faults.wire import Key, Request, Send, tapped
from tests.iam import as_the_test

Image = dict[str, Any]
Changes = dict[Key, Image | None]
T = TypeVar("T")
_MOST_WRITES = 25
_MOST_READS = 100


class Savepoint:
    """Keeps the image of each item as it was before it was first written to.

    One may stand within another. Undone, an item is what it was to the byte, so that what ran
    once may run again as if for the first time, under the same ids. The payment provider goes back
    with it.
    """

    def __init__(self) -> None:
        self._before: Changes = {}
        self._provider = THERE.state()
        self._dirty: set[Key] = set()
        self._seen: Changes | None = None
        self._taps = ExitStack()

    def __enter__(self) -> Self:
        client: Any = connection().client
        self._client_call = client._make_api_call
        self._taps.enter_context(tapped(self._watch))
        return self

    def __exit__(self, *_: object) -> None:
        self._taps.close()
        self.rewind()

    def _call(self, operation: str, asked: Any) -> Any:
        with as_the_test():
            return self._client_call(operation, asked)

    def _watch(self, request: Request, send: Send) -> dict[str, Any]:
        if request.to_provider:
            return send(request)
        if new := request.writes - self._before.keys():
            self._before |= self._images(sorted(new))
        if request.writes:
            self._dirty |= request.writes
            self._seen = None
        return send(request)

    @property
    def dirty(self) -> bool:
        """Whether a write was sent."""
        return bool(self._dirty)

    def before(self, key: Key) -> Image | None:
        """An item that has changed, as it was at the savepoint."""
        return self._before[key]

    def rewind(self) -> None:
        """Restore the state of the savepoint."""
        self.go_to({})

    def go_to(self, changes: Changes) -> None:
        """Everything is as it was when these were the changes; but the provider as it was before
        any. What is known to be so already is not written."""
        THERE.restore(self._provider)
        wanted = {key: self._before[key] for key in self._dirty} | changes
        if self._seen is not None:
            now = {key: self._before[key] for key in wanted} | self._seen
            wanted = {key: image for key, image in wanted.items() if image != now[key]}
        self._write(wanted)
        self._dirty, self._seen = set(changes), dict(changes)

    def _write(self, images: Changes) -> None:
        for keys in _batches(sorted(images), _MOST_WRITES):
            asked: dict[str, list[Any]] = {}
            for key in keys:
                image = images[key]
                put = {"PutRequest": {"Item": image}} if image else _delete(key)
                asked.setdefault(key.table, []).append(put)
            answer = self._call("BatchWriteItem", {"RequestItems": asked})
            assert not answer["UnprocessedItems"], "the engine takes every write"

    def changes(self) -> Changes:
        """All changes, the provider's too; None for a deleted item."""
        return self.stored() | THERE.changes_since(self._provider)

    def stored(self) -> Changes:
        """The changed items; None for a deleted one."""
        if self._seen is None:
            now = self._images(sorted(self._dirty))
            self._seen = {key: now[key] for key in now if now[key] != self._before[key]}
        return dict(self._seen)

    def partition(self, table: str, pk: str) -> list[Image]:
        """All items of a partition, read past all taps."""
        found: list[Image] = []
        asked: dict[str, Any] = {
            "TableName": table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
        }
        while True:
            answer = self._call("Query", asked)
            found += answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return found
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _images(self, keys: Sequence[Key]) -> Changes:
        images: Changes = dict.fromkeys(keys)
        for part in _batches(keys, _MOST_READS):
            asked: dict[str, Any] = {}
            for key in part:
                asked.setdefault(key.table, {"Keys": [], "ConsistentRead": True})
                asked[key.table]["Keys"].append(_attributes(key))
            answer = self._call("BatchGetItem", {"RequestItems": asked})
            assert not answer["UnprocessedKeys"], "the engine answers every read"
            for table, items in answer["Responses"].items():
                for item in items:
                    images[Key(table, item["pk"]["S"], item["sk"]["S"])] = item
        return images


def _attributes(key: Key) -> Image:
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def _delete(key: Key) -> dict[str, Any]:
    return {"DeleteRequest": {"Key": _attributes(key)}}


def _batches(keys: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
