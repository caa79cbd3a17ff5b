"""Capacity units of requests as DynamoDB would bill them, computed by hooks on botocore's client.

DynamoDB Local reports other numbers for transactions than AWS bills, so they are computed: one
write unit for each KB of an item (of its larger image), twice in a transaction, and one for each
index entry written. Entries that come, go or move in sparse indexes are counted apart. One read
unit for each 4 KB read consistently, half otherwise.

Source: Amazon DynamoDB Developer Guide, "Read and write operations", "Item sizes and formats",
"Global secondary indexes: provisioned throughput considerations".
"""

from __future__ import annotations

import json
import math
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from infra.local.template import load

Typed = Mapping[str, Mapping[str, Any]]
Read = Callable[[str, Typed], Typed]
SPARSE = {"waiting", "due", "reminders", "listed"}
_KEYS = ("pk", "sk")
# Named in full: botocore asks those who listen to one operation before those who listen to all.
_ANSWERS = ("before-parse.dynamodb.Query", "before-parse.dynamodb.Scan")
_WRITES = {"Put": "put", "Update": "update", "Delete": "delete", "ConditionCheck": "check"}
_BATCHED = {"PutRequest": "put", "DeleteRequest": "delete"}
_SINGLE = {"PutItem": "put", "UpdateItem": "update", "DeleteItem": "delete"}


def item_size(item: Typed) -> int:
    """Bytes of an item in DynamoDB's typed JSON: names and values, by the Guide's rules."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind in ("S", "B"):
        return len(content.encode() if kind == "S" else content)
    if kind == "N":
        return _number_size(content)
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "M":
        return 3 + sum(len(k.encode()) + _value_size(v) + 1 for k, v in content.items())
    if kind == "L":
        return 3 + sum(_value_size(element) + 1 for element in content)
    return sum(_value_size({kind[0]: element}) for element in content)


def _number_size(text: str) -> int:
    """A byte for each two digits, counted from the point, and one more; a sign is another."""
    whole, point, part = text.lstrip("-").partition(".")
    if not point:
        # Pairs from the point on; none at the end that is 00. Most numbers are whole.
        digits = whole.lstrip("0")
        return (len(digits) + 1) // 2 - _trailing_pairs(digits) + 1 + text.startswith("-")
    digits = whole.zfill(len(whole) + len(whole) % 2) + part.ljust(len(part) + len(part) % 2, "0")
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    counted = [at for at, pair in enumerate(pairs) if pair != "00"]
    significant = counted[-1] - counted[0] + 1 if counted else 0
    return significant + 1 + text.startswith("-")


def _trailing_pairs(digits: str) -> int:
    return (len(digits) - len(digits.rstrip("0"))) // 2


class Write(NamedTuple):
    """One written item: `item` is the put item, None where only the keys are known."""

    kind: str
    table: str
    key: Typed
    item: Typed | None
    factor: int


class UnitsLine(NamedTuple):
    """The cost of one item or index entry."""

    what: str
    size: int
    units: int
    sparse: bool


@dataclass
class Spent:
    """Units and requests since the last `take`, with a line for each item and index entry."""

    lines: list[UnitsLine] = field(default_factory=list)
    read_units: float = 0.0
    requests: list[str] = field(default_factory=list)

    @property
    def write_units(self) -> int:
        return sum(line.units for line in self.lines if not line.sparse)

    @property
    def sparse_units(self) -> int:
        return sum(line.units for line in self.lines if line.sparse)


class Meter:
    """Counts the requests of one client.

    With `read`, which reads an item by table and key, it looks at each item before and after a
    write and is exact; without, it takes an update for one KB and a put for a new item.
    """

    def __init__(self, client: Any, read: Read | None = None) -> None:
        self.spent = Spent()
        self._read = read
        self._indexes = indexes_of_tables()
        self._pending: tuple[str, dict[str, Any], list[Typed]] | None = None
        self._text = b"{}"
        self._events = client.meta.events
        self._events.register("before-parameter-build.dynamodb", self._before)
        for event in _ANSWERS:
            self._events.register_first(event, self._answered)
        self._events.register("after-call.dynamodb", self._after)

    def remove(self) -> None:
        """Stop counting."""
        self._events.unregister("before-parameter-build.dynamodb", self._before)
        for event in _ANSWERS:
            self._events.unregister(event, self._answered)
        self._events.unregister("after-call.dynamodb", self._after)

    def take(self) -> Spent:
        """The units spent since the last call."""
        spent, self.spent = self.spent, Spent()
        return spent

    def _before(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        images = [self._image(write) for write in writes_of(model.name, params)]
        self._pending = (model.name, params, images)

    def _answered(self, response_dict: dict[str, Any], **_: Any) -> None:
        """Keep the text of an answer: another hook may take it from botocore."""
        self._text = response_dict["body"]

    def _after(self, parsed: dict[str, Any], **_: Any) -> None:
        if self._pending is None:
            return
        if "page" in parsed:
            parsed = json.loads(self._text, object_hook=_with_bytes)
        (operation, params, images), self._pending = self._pending, None
        self.spent.requests.append(operation)
        self.spent.read_units += read_units_of(operation, params, parsed)
        for write, before in zip(writes_of(operation, params), images, strict=True):
            if "Error" in parsed:
                line = UnitsLine(f"{write.table} {write.kind} refused", 0, write.factor, False)
                self.spent.lines.append(line)
            else:
                after = write.item or self._image(write)
                self.spent.lines += self._lines(write, before, after)

    def _image(self, write: Write) -> Typed:
        return self._read(write.table, write.key) if self._read else {}

    def _lines(self, write: Write, before: Typed, after: Typed) -> list[UnitsLine]:
        after = {} if write.kind == "delete" else after
        size = max(item_size(before), item_size(after))
        units = write.factor * max(1, math.ceil(size / 1024))
        lines = [UnitsLine(f"{write.table} {write.kind} {_kind_of(write.key)}", size, units, False)]
        if write.kind == "check":
            return lines
        for name, index in self._indexes.get(write.table, {}).items():
            images = index.projected(before), index.projected(after)
            if units := _index_units(index.keys, *images):
                what = f"{write.table} index {name}"
                lines.append(UnitsLine(what, max(map(item_size, images)), units, name in SPARSE))
        return lines


def _with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    return {"B": b64decode(value["B"])} if value.keys() == {"B"} else value


def _index_units(keys: tuple[str, ...], before: Typed, after: Typed) -> int:
    """Writes on one index: none, one, or two for an entry that moves."""
    old = [before.get(key) for key in keys] if all(key in before for key in keys) else None
    new = [after.get(key) for key in keys] if all(key in after for key in keys) else None
    size = max(item_size(before), item_size(after))
    each = max(1, math.ceil(size / 1024))
    if before == after:
        return 0
    if old is not None and new is not None and old != new:
        return 2 * each
    return each if old is not None or new is not None else 0


def _kind_of(key: Typed) -> str:
    """The kind of an item: the part of its keys without ids."""
    pk, sk = key["pk"]["S"], key["sk"]["S"]
    owner, kept = pk.split("#")[0], sk.split("#")[0].split(":")[0]
    return sk if sk.isalpha() else owner if kept.isdecimal() else f"{owner}/{kept}"


def writes_of(operation: str, params: dict[str, Any]) -> list[Write]:
    """The items that a request writes."""
    if operation in _SINGLE:
        return [_write(_SINGLE[operation], params, 1)]
    if operation == "TransactWriteItems":
        return [
            _write(_WRITES[kind], body, 2)
            for item in params["TransactItems"]
            for kind, body in item.items()
        ]
    if operation == "BatchWriteItem":
        return [
            _write(_BATCHED[kind], {"TableName": table, **body}, 1)
            for table, asked in params["RequestItems"].items()
            for each in asked
            for kind, body in each.items()
        ]
    return []


def _write(kind: str, body: dict[str, Any], factor: int) -> Write:
    table = body["TableName"].rpartition("-")[2]
    item = body.get("Item")
    key = {name: item[name] for name in _KEYS} if item else body["Key"]
    return Write(kind, table, key, item, factor)


def read_units_of(operation: str, params: dict[str, Any], parsed: dict[str, Any]) -> float:
    """Read units of a request by the size of its answer."""
    if operation == "GetItem":
        return _read_units(item_size(parsed.get("Item", {})), params.get("ConsistentRead"))
    if operation in ("Query", "Scan"):
        size = sum(item_size(item) for item in parsed.get("Items", []))
        return _read_units(size, params.get("ConsistentRead"))
    if operation == "BatchGetItem":
        return sum(_batch_units(params, parsed, table) for table in params["RequestItems"])
    return 0.0


def _batch_units(params: dict[str, Any], parsed: dict[str, Any], table: str) -> float:
    asked = params["RequestItems"][table]
    sizes = [item_size(item) for item in parsed.get("Responses", {}).get(table, [])]
    sizes += [0] * (len(asked["Keys"]) - len(sizes))
    return sum(_read_units(size, asked.get("ConsistentRead")) for size in sizes)


def _read_units(size: int, consistent: bool | None) -> float:
    return max(1, math.ceil(size / 4096)) * (1.0 if consistent else 0.5)


class Index(NamedTuple):
    """An index: its key attributes, and its other attributes; None is the whole item."""

    keys: tuple[str, ...]
    beside: frozenset[str] | None

    def holds(self, item: Typed) -> bool:
        """Whether an item has an entry in it."""
        return all(key in item for key in self.keys)

    def projected(self, item: Typed) -> Typed:
        """The attributes of an item that its entry holds; none while a key is missing."""
        if not self.holds(item):
            return {}
        kept = set(item) if self.beside is None else {*self.keys, *_KEYS, *self.beside}
        return {name: value for name, value in item.items() if name in kept}


@cache
def indexes_of_tables() -> dict[str, dict[str, Index]]:
    """{table: {index}} from the template that is deployed."""
    found: dict[str, dict[str, Index]] = {}
    template = load()
    for properties in template.of_type("AWS::DynamoDB::Table").values():
        name: str = template.resolve(properties["TableName"])
        found[name.rpartition("-")[2]] = {
            index["IndexName"]: Index(
                tuple(key["AttributeName"] for key in index["KeySchema"]),
                _beside_keys(index["Projection"]),
            )
            for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
            for index in properties.get(kind, [])
        }
    return found


def _beside_keys(projection: Mapping[str, Any]) -> frozenset[str] | None:
    if projection["ProjectionType"] == "ALL":
        return None
    return frozenset(projection.get("NonKeyAttributes", ()))
