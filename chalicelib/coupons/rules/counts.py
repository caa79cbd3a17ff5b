"""How many coupons are given and left, in shards that many may take of at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

SHARDS = 8


class Shard(NamedTuple):
    """A shard: `left` is None where there is no total."""

    number: int
    given: int = 0
    left: int | None = None


class Counts(NamedTuple):
    """All shards together."""

    given: int
    left: int | None


def counts_of(shards: Sequence[Shard], total: int | None) -> Counts:
    left = None if total is None else sum(each.left or 0 for each in shards)
    return Counts(sum(each.given for each in shards), left)


def fullest(shards: Sequence[Shard]) -> Shard | None:
    """The shard with the most coupons left; None if all are empty."""
    best = max(shards, key=lambda each: each.left or 0)
    return best if best.left else None


def draws_of(count: int, shards: Sequence[Shard]) -> Mapping[int, int] | None:
    """How many to take of each shard, the fullest first; None if all have too few together."""
    taken: dict[int, int] = {}
    for shard in sorted(shards, key=lambda each: -(each.left or 0)):
        missing = count - sum(taken.values())
        if missing and shard.left:
            taken[shard.number] = min(shard.left, missing)
    return taken if sum(taken.values()) == count else None


def shared_out(left: int | None) -> list[int | None]:
    """What is left, spread over the shards."""
    if left is None:
        return [None] * SHARDS
    part, rest = divmod(left, SHARDS)
    return [part + (number < rest) for number in range(SHARDS)]
