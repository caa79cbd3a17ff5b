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


_decoder = msgspec.json.Decoder(tuple[SoldItem, ...])


def packed(items: Sequence[SoldItem]) -> bytes:
    """Items as JSON arrays, as a zlib stream where that is shorter."""
    plain = msgspec.json.encode(items)
    return min(plain, zlib.compress(plain, 9), key=len)


def unpacked(content: bytes) -> tuple[SoldItem, ...]:
    # JSON begins with a bracket, a zlib stream never does.
    return _decoder.decode(content if content[:1] == b"[" else zlib.decompress(content))
