"""Values that are in force together: one packed set, which a process reads whole and remembers.

pk <set>   sk HEAD       the set's version and the number of its parts
pk <set>   sk PART#<n>   the values, packed

A context gives the two items of its table. Each part names the head's version, so a reader never
takes parts of two versions together.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.newer import known_part
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads

HEAD = "HEAD"
# Of one item DynamoDB takes 400 KB.
PART_BYTES = 350_000
T = TypeVar("T")
H = TypeVar("H")


class Stored(NamedTuple, Generic[H, T]):
    """The values as they are stored, with the head that they belong to."""

    head: H
    values: list[T]


class PackedSet(NamedTuple, Generic[H, T]):
    """A set named `pk`: of `kind` values, its head of the item `head`, its parts of `part`.

    Both items have a `version`, the head `parts`, a part `packed`.
    """

    pk: str
    kind: type[T]
    head: type[H]
    part: Any

    def read(self) -> Stored[H, T]:
        """The set as it is now: one request, and one more for a change meanwhile."""
        return with_fresh_reads(self._read)

    def _read(self) -> Stored[H, T]:
        """Raises Moved if it was changed between two reads."""
        model: Any = self.head
        head = model.find(self.pk, HEAD) or model(self.pk, HEAD, version=0, parts=0)
        if not head.parts:
            return Stored(head, [])
        reads = ReadSet()
        wanted = [reads.want(self.part, self.pk, _name(n)) for n in range(head.parts)]
        reads.read()
        parts = [each() for each in wanted]
        if any(each is None or each.version != head.version for each in parts):
            raise Moved()
        return Stored(head, unpack([each.packed for each in parts], self.kind))

    def put(self, writes: WriteSet, seen: Any, values: Sequence[T], **beside: Any) -> None:
        """Add the next version of the set, `beside` in its head. The commit raises Moved if it has
        changed since its head was `seen`."""
        parts, version = pack(values), seen.version + 1
        model: Any = self.head
        made = model(self.pk, HEAD, version=version, parts=len(parts), **beside)
        writes.put(made, condition=unmoved(model.version, seen.version))
        for number, some in enumerate(parts):
            writes.put(self.part(self.pk, _name(number), version=version, packed=some))


def pack(values: Sequence[Any]) -> list[bytes]:
    """Values in parts that each fit into an item."""
    whole = zlib.compress(msgspec.json.encode(values), 9)
    return [whole[at : at + PART_BYTES] for at in range(0, len(whole), PART_BYTES)]


def unpack(parts: Sequence[bytes], kind: type[T]) -> list[T]:
    plain, of_all = zlib.decompress(b"".join(parts)), list[kind]  # type: ignore[valid-type]
    try:
        return msgspec.json.decode(plain, type=of_all)
    except msgspec.ValidationError:  # A newer release may have stored more than the type takes.
        known = known_part(msgspec.json.decode(plain), of_all)
        return msgspec.json.decode(msgspec.json.encode(known), type=of_all)


def _name(number: int) -> str:
    return f"PART#{number:03d}"
