"""Counters of budgets: a shard is an item, and has an attribute for each kind of what is left.

Whatever is taken has a condition in the transaction that spends it, so no crowd overruns a budget.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from chalicelib.kernel.budgets import Amounts, Left, draws_of, has, parts_of
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.tables import Item
from chalicelib.kernel.store.writes import Refusal, WriteSet


class Budget(NamedTuple):
    """A budget: the class of its items, the keys of a shard, how many shards it has."""

    kind: type[Item]
    key: Callable[[int], tuple[str, str]]
    shards: int

    def item(self, shard: int) -> Item:
        return self.kind(*self.key(shard))

    def attribute(self, name: str) -> Any:
        return getattr(self.kind, name)


class Seen(NamedTuple):
    """What is left of a budget by shard, as it was read, beginning with `first`."""

    left: Left
    first: int


def want_left(
    reads: ReadSet, budget: Budget, names: tuple[str, ...]
) -> Callable[[Mapping[str, int]], Seen]:
    """Want one shard by chance. Returns a function that gives, after `read`, what is left: all
    shards by one more request if that one has less than is wanted."""
    first = random.randrange(budget.shards)  # noqa: S311 - a shard, not a secret
    found = reads.want(budget.kind, *budget.key(first))

    def seen(wanted: Mapping[str, int]) -> Seen:
        one = _amounts(found(), names)
        if has(one, wanted):
            return Seen({first: one}, first)
        return Seen(left_of(budget, names), first)

    return seen


def left_of(budget: Budget, names: tuple[str, ...]) -> dict[int, Amounts]:
    """What is left in each shard, as it is now."""
    reads = ReadSet()
    wanted = [reads.want(budget.kind, *budget.key(number)) for number in range(budget.shards)]
    reads.read()
    found = {number: each() for number, each in enumerate(wanted)}
    return {number: _amounts(item, names) for number, item in found.items() if item}


def take(writes: WriteSet, budget: Budget, wanted: Amounts, seen: Seen) -> None:
    """Take of a budget in a transaction; the commit raises Moved if others were faster.

    Raises Moved if it has not enough by what was seen.
    """
    draws = draws_of(wanted, seen.left, seen.first)
    if draws is None:
        raise Moved()
    for shard, amounts in draws.items():
        _draw(writes, budget, shard, amounts)


def give_back(writes: WriteSet, budget: Budget, shard: int, amounts: Mapping[str, int]) -> None:
    """Put back what was taken; the commit raises Moved of a budget that there is not."""
    item, condition = budget.item(shard), None
    for name in amounts:
        there = budget.attribute(name).exists()
        condition = there if condition is None else condition & there
    writes.update(item, _added(budget, amounts), condition=condition)


def change(
    writes: WriteSet,
    budget: Budget,
    before: Mapping[str, int],
    after: Mapping[str, int],
    or_raise: Refusal,
) -> None:
    """Make a budget another one: what is new of it, or more, or less.

    Raises `or_raise` if more than the new one is spent already.
    """
    new = {name: amount for name, amount in after.items() if name not in before}
    more = {name: d for name in before if (d := after.get(name, before[name]) - before[name]) > 0}
    less = {name: d for name in before if (d := before[name] - after.get(name, before[name])) > 0}
    draws = draws_of(less, left_of(budget, tuple(less)), 0) if less else {}
    if draws is None:
        raise or_raise
    parts = parts_of(new, budget.shards)
    for shard in range(budget.shards):
        given = more if shard == 0 else {}
        _change(writes, budget, shard, parts[shard], given, draws.get(shard, {}))


def _change(
    writes: WriteSet,
    budget: Budget,
    shard: int,
    new: Mapping[str, int],
    more: Mapping[str, int],
    less: Mapping[str, int],
) -> None:
    if not (new or more or less):
        return
    made = [budget.attribute(name).set(amount) for name, amount in new.items()]
    made += _added(budget, more) + _added(budget, {name: -less[name] for name in less})
    writes.update(budget.item(shard), made, condition=_enough(budget, less))


def _draw(writes: WriteSet, budget: Budget, shard: int, amounts: Mapping[str, int]) -> None:
    taken = _added(budget, {name: -amount for name, amount in amounts.items()})
    writes.update(budget.item(shard), taken, condition=_enough(budget, amounts))


def _added(budget: Budget, amounts: Mapping[str, int]) -> list[Any]:
    return [budget.attribute(name).add(amount) for name, amount in amounts.items()]


def _enough(budget: Budget, amounts: Mapping[str, int]) -> Any:
    condition = None
    for name, amount in amounts.items():
        enough = budget.attribute(name) >= amount
        condition = enough if condition is None else condition & enough
    return condition


def _amounts(item: Any, names: tuple[str, ...]) -> Amounts:
    if item is None:
        return {}
    return {name: getattr(item, name) or 0 for name in names}
