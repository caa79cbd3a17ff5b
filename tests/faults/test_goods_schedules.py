"""Concurrent acts on stock, on the way of an order and on reviews have a serial outcome in every
schedule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.goods_cases import GOODS_USE_CASES
from tests.faults.races import race
from tests.faults.scene import Scene

RACES = (
    "order the last units x restock few",
    "order the last units x correct few",
    "order the last units x cancel while few are left",
    "restock x correct downwards",
    "take an order x cancel on delivery",
    "approve an order x reject an order",
    "ship an order x ship a part of it",
    "ship its other part x ship both",
    "ship an order x ship an order",
    "ship by a file x ship by a file",
    "hear of a delivery x confirm the receipt",
    "hear of a delivery x hear of a delivery",
    "confirm late x confirm it by time",
    "review x review otherwise",
    "publish a review x publish a review",
    "find it helpful x find it helpful too",
    "find it helpful x hide it",
    "find it helpful no more x hide a review",
    "reply to a review x hide it",
)
# Those with thousands of schedules: some of them, by dice.
MANY = (
    "raise the shards x restock",
    "raise the shards x correct downwards",
    "raise the shards x raise the shards too",
    "order of shards x lower the shards",
    "lower the shards x cancel into shards",
    "lower the shards x raise the shards again",
)


@pytest.mark.parametrize("names", RACES)
def test_concurrent_acts_on_goods_end_like_serial_ones(
    names: str, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    raced = race([GOODS_USE_CASES[name] for name in names.split(" x ")], scene)
    counted("schedules", raced.name, raced.schedules)
    assert raced.schedules > 1, "they never meet"
    assert raced.failures == []


@pytest.mark.parametrize("names", MANY)
def test_sampled_schedules_of_long_acts_on_goods_end_like_serial_ones(
    names: str, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    raced = race([GOODS_USE_CASES[name] for name in names.split(" x ")], scene, sampled=15)
    counted("schedules", raced.name, raced.schedules)
    assert raced.failures == []
