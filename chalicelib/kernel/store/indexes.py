"""Indexes of a table, each declared in one line of its items' class."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from pynamodb.attributes import Attribute, UnicodeAttribute
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    IncludeProjection,
    Index,
    KeysOnlyProjection,
    LocalSecondaryIndex,
    Projection,
)

WHOLE, KEYS_ONLY = AllProjection(), KeysOnlyProjection()


def including(*names: str) -> Projection:
    """The keys and these attributes."""
    return IncludeProjection(list(names))


def index(
    name: str,
    partition: str,
    order: str,
    *,
    projection: Projection = WHOLE,
    order_type: type[Attribute[Any]] = UnicodeAttribute,
) -> Index[Any]:
    """The index of this name: `partition` and `order` are the attributes that are its keys.

    One with the table's own partition key is local, any other global.
    """
    base: type[Index[Any]] = LocalSecondaryIndex if partition == "pk" else GlobalSecondaryIndex
    body = {
        "Meta": type("Meta", (), {"index_name": name, "projection": projection}),
        partition: UnicodeAttribute(hash_key=True),
        order: order_type(range_key=True),
    }
    made: type[Index[Any]] = type(name, (base,), body)
    return made()


def shard_of(name: object, key: str, *, shards: int) -> str:
    """The partition of `key` among those over which an index spreads what it has under a name."""
    return f"{name}#{crc32(key.encode()) % shards}"


def shards_of(name: object, *, shards: int) -> list[str]:
    """All partitions under a name."""
    return [f"{name}#{number}" for number in range(shards)]
