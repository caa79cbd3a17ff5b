"""Budgets in shards, so that many may take of one at once: which shards give what is taken.

What a budget has of each kind (points, minor units of cash, takers) goes by its name.
"""

from __future__ import annotations

from collections.abc import Mapping

Amounts = dict[str, int]
Left = Mapping[int, Mapping[str, int]]


def parts_of(whole: Mapping[str, int], shards: int) -> list[Amounts]:
    """What each shard of a new budget has; the first ones have the rest of a division."""
    return [
        {name: amount // shards + (number < amount % shards) for name, amount in whole.items()}
        for number in range(shards)
    ]


def has(left: Mapping[str, int], wanted: Mapping[str, int]) -> bool:
    """Whether a shard has all that is wanted."""
    return all(left.get(name, 0) >= amount for name, amount in wanted.items())


def draws_of(wanted: Mapping[str, int], left: Left, first: int) -> dict[int, Amounts] | None:
    """What to take of each shard: all of one if any has enough, else of the fullest ones.

    None if all have too little together.
    """
    one = next((each for each in [first, *left] if has(left.get(each, {}), wanted)), None)
    if one is not None:
        return {one: dict(wanted)}
    draws: dict[int, Amounts] = {}
    for name, amount in wanted.items():
        missing = amount
        for shard in sorted(left, key=lambda each: -left[each].get(name, 0)):
            taken = max(0, min(left[shard].get(name, 0), missing))
            if taken:
                draws.setdefault(shard, {})[name] = taken
            missing -= taken
        if missing:
            return None
    return draws


def sum_of(left: Left, name: str) -> int:
    """What all shards have of a kind together."""
    return sum(each.get(name, 0) for each in left.values())
