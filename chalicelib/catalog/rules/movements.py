"""Movements of stock, the proof that they lead to the stock, and the marks that it crosses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

from chalicelib.catalog.rules.stock import Because

# Beyond its low mark, or above its high one.
Level = Literal["low", "high"]
DAY_S = 86_400


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the units in one shard of a SKU, why, and when the stream took it.

    `place` orders the movements of a SKU; those of one shard stand as they happened.
    """

    sku: str
    shard: int
    before: int
    after: int
    because: Because
    at_s: int
    place: str

    @property
    def change(self) -> int:
        return self.after - self.before


class Maker(NamedTuple):
    """Who moved units by hand, and the reason."""

    by: str
    reason: str | None = None


class Gap(NamedTuple):
    """A shard whose units are not those to which its movements lead."""

    shard: int
    expected: int
    found: int


class StockSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The units of each SKU of a product, and those SKUs that are beyond a mark."""

    units: dict[str, int] = {}
    levels: dict[str, Level] = {}


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU whose stock crossed one of its marks and has not come back.

    `number` is another for each crossing; `available` were its units then.
    """

    sku: str
    product_id: str
    level: Level
    mark: int
    available: int
    at_ms: int
    number: int


def place_of(at_s: int, sequence_number: str, shard: int) -> str:
    """Where a movement stands among those of its SKU. A stream numbers the changes of an item in
    their order, whatever the number of digits.
    """
    return f"{at_s:010d}#{sequence_number:0>40}#{shard:02d}"


def level_of(available: int, low: int | None, high: int | None) -> Level | None:
    """The mark beyond which a stock is: at or below the low one, or above the high one."""
    if low is not None and available <= low:
        return "low"
    return "high" if high is not None and available > high else None


def gaps(movements: Iterable[Movement], left: dict[int, int]) -> list[Gap]:
    """Where the movements of a SKU, in their order, do not follow from each other, or do not lead
    to the units in `left`, by shard. The first movement that is kept of a shard begins it.
    """
    stands: dict[int, int] = {}
    found = []
    for each in movements:
        expected = stands.get(each.shard, each.before)
        if expected != each.before:
            found.append(Gap(each.shard, expected, each.before))
        stands[each.shard] = each.after
    for shard, units in stands.items():
        # A dropped shard is empty.
        if units != left.get(shard, 0):
            found.append(Gap(shard, units, left.get(shard, 0)))
    return found
