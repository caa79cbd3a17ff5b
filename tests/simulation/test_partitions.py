"""Throughput of one SKU grows with its shards; refusals after the sale write next to nothing."""

from __future__ import annotations

import pytest

from tests.simulation.partitions import Sale, run

pytestmark = pytest.mark.pure

# Buyers a second for each shard: a few more than a shard can serve.
PRESSURE, SECONDS = 120, 5


def sold_a_second(shards: int) -> int:
    sale = Sale(shards, 10**9, PRESSURE * shards)
    return (run(sale, SECONDS).sold - run(sale, 2).sold) // (SECONDS - 2)


@pytest.mark.parametrize("shards", [2, 4, 8, 16, 32])
def test_shards_sell_nine_tenths_of_their_number_times_what_one_sells(shards: int) -> None:
    assert sold_a_second(shards) >= 9 * shards * sold_a_second(1) // 10


def test_one_shard_sells_less_than_its_partition_could_write() -> None:
    assert 20 < sold_a_second(1) < 500


@pytest.mark.parametrize("shards", [1, 4, 16, 64])
@pytest.mark.parametrize("returned", [0, 20])
def test_a_sale_ends_with_every_unit_sold_and_refusals_cost_next_to_nothing(
    shards: int, returned: int
) -> None:
    stock = 100 * shards
    state = run(Sale(shards, stock, PRESSURE * shards, returned=returned), 12)
    assert state.sold == stock
    assert sum(state.left.values()) == 0
    assert state.refused > stock
    assert 20 * state.units_of_refusals <= state.refused
