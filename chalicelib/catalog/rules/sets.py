"""Sets of goods as bits of one integer: a hundred thousand goods are 12.5 KB.

Python joins, meets and counts such integers in microseconds, whatever the goods are. The goods of
an order have ranks; its `slices` say which goods have a bit in their rank, from the highest bit
down, so the first goods of any set are found without sorting it.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

_SPARSE, _DENSE = b"\x00", b"\x01"
# An entry of a list takes 32 bits, one of a bitmap a bit for each of the goods.
_BITS_OF_AN_ENTRY = 32
_TO_TRUTH = bytes.maketrans(b"01", b"\x00\x01")


def bits_of(members: Iterable[int], size: int) -> int:
    """The set of these goods, of so many."""
    bits = bytearray(size // 8 + 1)
    for member in members:
        bits[member >> 3] |= 1 << (member & 7)
    return int.from_bytes(bits, "little")


def packed(members: Sequence[int], size: int) -> bytes:
    """A set as it is stored: a list of goods, or a bitmap if that is shorter."""
    if len(members) * _BITS_OF_AN_ENTRY < size:
        return _SPARSE + words_to_bytes(array("I", members))
    return _DENSE + bits_of(members, size).to_bytes(size // 8 + 1, "little")


def unpacked(stored: bytes, size: int) -> int:
    """The set that was stored."""
    if stored[:1] == _DENSE:
        return int.from_bytes(stored[1:], "little")
    return bits_of(words_from_bytes(stored[1:]), size)


def words_to_bytes(words: array[int]) -> bytes:
    """Words of 32 bits, little-endian on every machine."""
    if sys.byteorder == "big":
        words = array(words.typecode, words)
        words.byteswap()
    return words.tobytes()


def words_from_bytes(stored: bytes, kind: str = "I") -> array[int]:
    words = array(kind)
    words.frombytes(stored)
    if sys.byteorder == "big":
        words.byteswap()
    return words


def members_of(bits: int, size: int) -> Iterator[int]:
    """The goods of a set, the lowest first."""
    truths = f"{bits:0{size}b}".encode()[::-1].translate(_TO_TRUTH)
    return compress(range(size), truths)


def slices_of(order: Sequence[int], size: int) -> list[bytes]:
    """The slices of an order as they are stored; `order` has the goods by rank."""
    ranks = array("I", bytes(4 * size))
    for rank, member in enumerate(order):
        ranks[member] = rank
    width = max(1, (size - 1).bit_length()) if size else 1
    return [
        packed([n for n in range(size) if ranks[n] >> bit & 1], size)
        for bit in reversed(range(width))
    ]


def below(slices: Sequence[int], everything: int, rank: int) -> int:
    """The goods whose rank is below this one."""
    if rank >= 1 << len(slices):
        return everything
    found, level = 0, everything
    for depth, has in enumerate(slices):
        ones = level & has
        if rank >> (len(slices) - 1 - depth) & 1:
            found |= level ^ ones
            level = ones
        else:
            level ^= ones
    return found


def lowest(slices: Sequence[int], among: int, count: int, *, highest: bool = False) -> int:
    """The goods of the lowest ranks, or the highest, in a set: `count` of them, or all."""
    found, left = 0, among
    missing = count
    for has in slices:
        ones = left & has
        first = ones if highest else left ^ ones
        there = first.bit_count()
        if there >= missing:
            left = first
        else:
            found |= first
            missing -= there
            left ^= first
    if left.bit_count() <= missing:
        return found | left
    return found
