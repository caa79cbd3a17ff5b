"""Fills a table of a stopped engine through the engine's own file, a hundred times as fast.

The engine commits each item of a batch by itself, some hundred a second. Rows added here are
copies of rows that it wrote: an item's is that of the item with the same sort key, with another
partition key. What the engine computes of keys is taken from what it wrote, too, but for the
digest of both keys together, which only breaks ties in global indexes: ours is another one.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Self

from infra.bench.write_units import Typed, item_size

FILE = "shared-local-instance.db"
_OFF = ("PRAGMA journal_mode = DELETE", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF")
_PAGE_CACHE_KB = 256 * 1024


class Filled(NamedTuple):
    """An item as the engine's file holds it: its keys, its text, its size by the Guide."""

    pk: str
    sk: str
    text: bytes
    size: int
    indexed: dict[str, str]


def filled(item: Typed) -> Filled:
    """The parts of an item that its row is made of."""
    text = json_of(item)
    indexed = {name: value["S"] for name, value in item.items() if "S" in value}
    return Filled(item["pk"]["S"], item["sk"]["S"], text.encode(), item_size(item), indexed)


def json_of(item: Typed) -> str:
    """An item as DynamoDB's JSON."""
    return json.dumps(item, default=_base64, ensure_ascii=False, separators=(",", ":"))


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


class EngineFile:
    """One table in the file of an engine that is stopped."""

    def __init__(self, folder: Path, table: str) -> None:
        self._table = table
        self._database = sqlite3.connect(folder / FILE)
        for pragma in (*_OFF, f"PRAGMA cache_size = -{_PAGE_CACHE_KB}"):
            self._database.execute(pragma)
        found = self._database.execute("SELECT TableInfo FROM dm WHERE TableName = ?", (table,))
        self._columns = _columns(json.loads(found.fetchone()[0]))
        rows = self._database.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name of ours
        names = [column[0] for column in rows.description]
        written = [dict(zip(names, row, strict=True)) for row in rows]
        self._like = {_text(row["rangeKey"]): row for row in written}
        self._hashes = {_text(row["hashKey"]): row["hashValue"] for row in written}
        marks = ", ".join(f":{name}" for name in names)
        self._insert = f'INSERT OR REPLACE INTO "{table}" VALUES ({marks})'  # noqa: S608

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.commit()
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.close()

    def add(self, items: Iterable[Filled]) -> None:
        """Add items whose sort keys the engine has written before, under other partition keys."""
        self._database.executemany(self._insert, map(self._row, items))

    def _row(self, item: Filled) -> dict[str, Any]:
        digest = hashlib.sha256(f"{item.pk}\0{item.sk}".encode()).digest()[:20]
        moved = {
            self._columns[name]: value.encode()
            for name, value in item.indexed.items()
            if name in self._columns
        }
        return {
            **self._like[item.sk],
            **moved,
            "hashValue": self._hashes.get(item.pk, digest),
            "itemSize": item.size,
            "ObjectJSON": item.text,
            "hashRangeValue": digest,
        }


def _columns(info: dict[str, Any]) -> dict[str, str]:
    """{attribute: column} of the table's and its indexes' keys that are text."""
    return {
        key["DynamoDBAttribute"]["AttributeName"]: key["SQLiteColumnName"]
        for keys in info["SQLiteIndex"].values()
        for key in keys
        if key["DynamoDBAttribute"]["AttributeType"] == "S"
    }


def _text(content: bytes | str) -> str:
    return content if isinstance(content, str) else content.decode()
