"""What an order knows of its returns: their ids, and the units that open ones keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec


class ReturnMark(msgspec.Struct, frozen=True, array_like=True):
    """A return of an order, and the quantities by SKU that it keeps while it is open."""

    id: str
    kept: dict[str, int] = {}


def kept_by(marks: Iterable[ReturnMark]) -> Counter[str]:
    """Quantities by SKU in open returns: nothing else refunds them."""
    kept: Counter[str] = Counter()
    for mark in marks:
        kept.update(mark.kept)
    return kept
