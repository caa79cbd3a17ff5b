"""Reads that several contexts put into one `ReadSet`: one request, whatever their tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.constants import BATCH_GET_ITEM, REQUEST_ITEMS
from pynamodb.exceptions import GetError

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store.pauses import ATTEMPTS, pause
from chalicelib.kernel.store.tables import MOST_KEYS, Item, connection

_Key = tuple[str, str]


class ReadSet:
    """Items that are read at once, a hundred a request, each as it was at some moment of it."""

    def __init__(self) -> None:
        self._wanted: dict[str, dict[_Key, type[Item]]] = {}
        self._consistent: set[str] = set()
        self._found: dict[tuple[str, _Key], Any] = {}

    def want(
        self, kind: type[Item], pk: str, sk: str, *, consistent: bool = True
    ) -> Callable[[], Any]:
        """Want an item. Returns a function that gives it after `read`, or None if there is none.

        A read unit (half if not consistent) per 4 KB; a table's items are all consistent if one is.
        """
        table, key = kind.Meta.table_name, (pk, sk)
        wanted = self._wanted.setdefault(table, {}).setdefault(key, kind)
        assert wanted is kind, f"{pk} {sk} is wanted as {wanted.__name__} and as {kind.__name__}"
        if consistent:
            self._consistent.add(table)
        return lambda: self._found.get((table, key))

    def read(self) -> None:
        """Read every item that is wanted: no request if none is.

        Raises Unreadable, Unavailable if the tables do not give all of them, GetError.
        """
        keys = [(table, key) for table, wanted in self._wanted.items() for key in wanted]
        for start in range(0, len(keys), MOST_KEYS):
            self._read(self._request(keys[start : start + MOST_KEYS]))

    def _read(self, asked: dict[str, Any]) -> None:
        for tried in range(ATTEMPTS):
            if tried:
                pause(tried - 1)
            answer = _batch_get(asked)
            for table, images in answer["Responses"].items():
                for image in images:
                    key = (image["pk"]["S"], image["sk"]["S"])
                    item = self._wanted[table][key].from_raw_data(image)
                    self._found[table, key] = item
            asked = answer.get("UnprocessedKeys") or {}
            if not asked:
                return
        raise Unavailable()

    def _request(self, keys: Sequence[tuple[str, _Key]]) -> dict[str, Any]:
        asked: dict[str, Any] = {}
        for table, (pk, sk) in keys:
            made = {"Keys": [], "ConsistentRead": table in self._consistent}
            asked.setdefault(table, made)["Keys"].append({"pk": {"S": pk}, "sk": {"S": sk}})
        return asked


def _batch_get(asked: dict[str, Any]) -> dict[str, Any]:
    """Raises GetError."""
    try:
        answer: dict[str, Any] = connection().dispatch(BATCH_GET_ITEM, {REQUEST_ITEMS: asked})
    except (BotoCoreError, ClientError) as error:
        raise GetError(f"Failed to batch get items: {error}", error) from error
    return answer
