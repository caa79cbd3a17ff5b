"""Write units of requests as DynamoDB would bill them, computed by a hook on a botocore client.

DynamoDB Local reports other numbers for transactions than AWS bills, so they are computed:
one unit for each KB of an item (its larger image), twice in a transaction, and one for each
index entry written. Entries of sparse indexes that come, go or move are counted apart.

Source: Amazon DynamoDB Developer Guide, "Read/write capacity mode" and "Item sizes".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TYPED = Mapping[str, Mapping[str, Any]]
SPARSE = {"queue"}


def item_size(item: TYPED) -> int:
    """Bytes of an item in DynamoDB's typed JSON: names and values, by the Guide's rules."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        digits = len(content.lstrip("-").strip("0").replace(".", ""))
        return math.ceil(digits / 2) + 1 + int(content.startswith("-"))
    if kind == "B":
        return len(content)
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "M":
        return 3 + sum(len(k.encode()) + _value_size(v) + 1 for k, v in content.items())
    if kind == "L":
        return 3 + sum(_value_size(element) + 1 for element in content)
    if kind in ("SS", "NS", "BS"):
        return sum(_value_size({kind[0]: element}) for element in content)
    raise ValueError(f"no DynamoDB type: {kind}")


def units_of(size: int) -> int:
    return max(1, math.ceil(size / 1024))


@dataclass
class Spent:
    """Write units by table and index, and those of moves in sparse indexes; read units."""

    writes: int = 0
    sparse: int = 0
    requests: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, other: Spent) -> None:
        self.writes += other.writes
        self.sparse += other.sparse
        self.requests += other.requests
        self.lines += other.lines
