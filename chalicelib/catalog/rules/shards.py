"""Stock in several items: which one a buyer tries, on which an order draws, how units are spread.

The first item, shard 0, is the head: it tells the number of shards. Its `epoch` moves whenever
units come to any of them, so "sold out" is remembered under the epoch in which all were empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from zlib import crc32

MAX_SHARDS = 64
# More shards than these in one order's line are gathered first: a transaction has 100 writes.
MAX_DRAWS = 2


class Draw(NamedTuple):
    """Units that an order takes from a shard."""

    shard: int
    quantity: int


class Move(NamedTuple):
    """Units that go from one shard to another; one of the two is the head."""

    source: int
    target: int
    quantity: int


def shard_for(buyer: str, sku: str, shards: int) -> int:
    """The shard that a buyer tries first: every shard for as many buyers."""
    return crc32(f"{buyer}:{sku}".encode()) % shards if shards > 1 else 0


def draws_of(quantity: int, left: Mapping[int, int]) -> list[Draw] | None:
    """The shards that an order draws on, the fullest first; None if too few hold enough.

    The one tried first wins where one shard is enough.
    """
    enough = next((shard for shard, units in left.items() if units >= quantity), None)
    if enough is not None:
        return [Draw(enough, quantity)]
    draws: list[Draw] = []
    for shard, units in sorted(left.items(), key=lambda item: (-item[1], item[0])):
        if units < 1 or len(draws) == MAX_DRAWS:
            break
        draws.append(Draw(shard, min(units, quantity)))
        quantity -= draws[-1].quantity
        if not quantity:
            return draws
    return None


def gathering(left: Mapping[int, int], quantity: int) -> list[Move]:
    """Moves to the head until it holds this quantity, from the fullest shards."""
    missing, moves = quantity - left.get(0, 0), []
    for shard, units in sorted(left.items(), key=lambda item: -item[1]):
        if shard and units > 0 and missing > 0:
            moves.append(Move(shard, 0, min(units, missing)))
            missing -= moves[-1].quantity
    return moves


def spreading(left: Mapping[int, int], shards: int) -> list[Move]:
    """Moves after which the shards hold equal parts, and those beyond `shards` nothing.

    The units of dropped shards and the surplus of others come to the head first.
    """
    part, more = divmod(sum(left.values()), shards)
    wanted = {shard: part + (shard < more) for shard in range(shards)}
    excess = {shard: units - wanted.get(shard, 0) for shard, units in left.items()}
    to_head = [Move(shard, 0, units) for shard, units in excess.items() if shard and units > 0]
    from_head = [Move(0, shard, -units) for shard, units in excess.items() if shard and units < 0]
    return to_head + from_head
