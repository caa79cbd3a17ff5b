"""A flash sale by processes that are killed now and then sells each unit once, to the last."""

from __future__ import annotations

import random
from functools import partial

import pytest

from tests.faults import buyers, flash
from tests.faults.processes import go_shopping
from tests.world import World


@pytest.mark.parametrize("shards", flash.SHARDS)
def test_a_flash_sale_by_processes_sells_each_unit_once_and_leaves_none(
    shards: int, world: World, members: list[str]
) -> None:
    goods, dice = flash.put_on_sale(world, shards, buyers.UNITS, members), random.Random(shards)
    errands = partial(flash.shop, goods.skus)
    # The first SKU keeps its shards.
    go_shopping(errands, goods.buyers, lambda: flash.change_shards(goods.skus[1], dice))
    assert flash.problems_of(world, goods) == []
    last = flash.sell_the_rest(goods, buyers.gather(world, 1)[0])
    assert flash.problems_of(world, goods, last) == []
