"""The stream of stock items as its reader is handed it: tables of tests have none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from chalice.app import DynamoDBEvent

from chalicelib.catalog.events import stock_relay
from chalicelib.catalog.tables.stock import StockItem

Record = dict[str, Any]
_NUMBERS = count(1_000)
AT_S = 1_795_000_000


class Watched:
    """SKUs whose changes are made into records of a stream, one for each item that changed."""

    def __init__(self, *skus: str) -> None:
        self._skus = skus
        self._seen: dict[tuple[str, str], Any] = {}

    def changed(self, act: Callable[[], object] = lambda: None) -> list[Record]:
        """What an act changed, or what was there before the first one."""
        act()
        now = {
            (item.pk, item.sk): item.to_dynamodb_dict()
            for sku in self._skus
            for shard in range(8)
            if (item := StockItem.find(*StockItem.key_of(sku, shard))) is not None
        }
        keys = [*now, *(key for key in self._seen if key not in now)]
        pairs = [(key, self._seen.get(key), now.get(key)) for key in keys]
        self._seen = now
        return [record(key, was, is_) for key, was, is_ in pairs if was != is_]


def record(key: tuple[str, str], before: Any, after: Any) -> Record:
    number = next(_NUMBERS)
    told: Record = {
        "SequenceNumber": str(number),
        "ApproximateCreationDateTime": AT_S + number,
        "Keys": {"pk": {"S": key[0]}, "sk": {"S": key[1]}},
    }
    if before is not None:
        told["OldImage"] = before
    if after is not None:
        told["NewImage"] = after
    return {"eventID": str(number), "eventName": "MODIFY", "dynamodb": told}


def deliver(records: Sequence[Record]) -> Any:
    """Hand a batch to the reader; where it must be handed the rest again."""
    return stock_relay(DynamoDBEvent({"Records": list(records)}, None).to_dict(), None)
