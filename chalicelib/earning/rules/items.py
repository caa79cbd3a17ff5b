"""The items of a partner's order, and their compact form."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import msgspec


class SoldItem(msgspec.Struct, frozen=True, array_like=True):
    """`amount` in minor units for all of `quantity`; a refund names no category and no brand."""

    sku: str
    amount: int
    quantity: int
    category: str | None = None
    brand: str | None = None
    margin_class: str | None = None


_decoder = msgspec.json.Decoder(tuple[SoldItem, ...])


def packed(items: Sequence[SoldItem]) -> bytes:
    """Items as JSON arrays, as a zlib stream where that is shorter."""
    plain = msgspec.json.encode([_short(each) for each in items])
    return min(plain, zlib.compress(plain, 9), key=len)


def _short(item: SoldItem) -> Sequence[object]:
    """The item without what it lacks at its end: as earlier releases wrote it."""
    told = msgspec.structs.astuple(item)
    return told if item.margin_class is not None else told[:-1]


def unpacked(content: bytes) -> tuple[SoldItem, ...]:
    # JSON begins with a bracket, a zlib stream never does.
    return _decoder.decode(content if content[:1] == b"[" else zlib.decompress(content))
