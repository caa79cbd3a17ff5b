"""Which shards an order draws on, and how units are spread over them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.rules.shards import (
    MAX_DRAWS,
    Draw,
    Move,
    draws_of,
    gathering,
    shard_for,
    spreading,
)

pytestmark = pytest.mark.pure

LEFT = st.dictionaries(st.integers(0, 63), st.integers(0, 9), min_size=1, max_size=64)


def after(left: dict[int, int], moves: list[Move]) -> Counter[int]:
    """The units of each shard after moves, none of which takes what is not there."""
    units = Counter(left)
    for move in moves:
        assert 0 in (move.source, move.target)
        assert move.source != move.target
        assert 0 < move.quantity <= units[move.source]
        units[move.source] -= move.quantity
        units[move.target] += move.quantity
    return units


@given(LEFT, st.integers(1, 12))
def test_an_order_draws_what_is_there_on_few_shards_or_on_none(
    left: dict[int, int], quantity: int
) -> None:
    draws = draws_of(quantity, left)
    fullest = sorted(left.values(), reverse=True)[:MAX_DRAWS]
    assert (draws is not None) == (sum(fullest) >= quantity)
    if draws is not None:
        assert sum(draw.quantity for draw in draws) == quantity
        assert len({draw.shard for draw in draws}) == len(draws) <= MAX_DRAWS
        assert all(0 < draw.quantity <= left[draw.shard] for draw in draws)


def test_the_shard_that_was_tried_first_is_enough() -> None:
    assert draws_of(2, {7: 2, 0: 9}) == [Draw(7, 2)]
    assert draws_of(3, {7: 2, 0: 9}) == [Draw(0, 3)]
    assert draws_of(11, {7: 2, 3: 0, 0: 9}) == [Draw(0, 9), Draw(7, 2)]


@given(LEFT, st.integers(1, 64))
def test_spread_units_lie_in_equal_parts_and_in_no_dropped_shard(
    left: dict[int, int], shards: int
) -> None:
    left = dict.fromkeys(range(shards), 0) | left
    units = after(left, spreading(left, shards))
    kept = [units[shard] for shard in range(shards)]
    assert units.total() == sum(left.values()) == sum(kept)
    assert max(kept) - min(kept) <= 1
    assert spreading(dict(units), shards) == []


@given(LEFT, st.integers(1, 40))
def test_gathered_units_are_enough_on_the_head_if_there_are_enough(
    left: dict[int, int], quantity: int
) -> None:
    units = after(left, gathering(left, quantity))
    assert units.total() == sum(left.values())
    assert units[0] >= min(quantity, units.total())


@pytest.mark.parametrize("shards", [1, 4, 16, 64])
def test_every_shard_is_tried_first_by_as_many_buyers(shards: int) -> None:
    tried = Counter(shard_for(f"ord_{n}", "CUP", shards) for n in range(shards * 200))
    assert set(tried) == set(range(shards))
    assert max(tried.values()) <= 260 if shards > 1 else tried == {0: 200}
