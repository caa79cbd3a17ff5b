"""Draws of budgets in shards: all that is wanted or nothing, and never more than a shard has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.budgets import draws_of, parts_of, sum_of

pytestmark = pytest.mark.pure

AMOUNTS = st.fixed_dictionaries({"points": st.integers(0, 40), "takers": st.integers(0, 3)})


@given(st.fixed_dictionaries({"points": st.integers(0, 9999)}), st.integers(1, 9))
def test_the_shards_of_a_new_budget_have_it_to_the_last_point(
    whole: dict[str, int], shards: int
) -> None:
    parts = parts_of(whole, shards)
    assert sum(each["points"] for each in parts) == whole["points"]
    assert max(each["points"] for each in parts) - min(each["points"] for each in parts) <= 1


@given(AMOUNTS, st.dictionaries(st.integers(0, 7), AMOUNTS), st.integers(0, 7))
def test_a_draw_takes_all_that_is_wanted_and_no_more_than_a_shard_has(
    wanted: dict[str, int], left: dict[int, dict[str, int]], first: int
) -> None:
    draws = draws_of(wanted, left, first)
    enough = all(sum_of(left, name) >= amount for name, amount in wanted.items())
    assert (draws is not None) == (enough or not any(wanted.values()))
    if draws is None:
        return
    for name, amount in wanted.items():
        assert sum(each.get(name, 0) for each in draws.values()) == amount
    for shard, taken in draws.items():
        assert all(amount <= left.get(shard, {}).get(name, 0) for name, amount in taken.items())


def test_one_shard_gives_all_if_any_can() -> None:
    left = {7: {"points": 2}, 0: {"points": 9}}
    assert draws_of({"points": 2}, left, 7) == {7: {"points": 2}}
    assert draws_of({"points": 3}, left, 7) == {0: {"points": 3}}
    assert draws_of({"points": 11}, left, 7) == {0: {"points": 9}, 7: {"points": 2}}
    assert draws_of({"points": 12}, left, 7) is None
