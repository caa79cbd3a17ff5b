"""Processes that are killed now and then sell each unit once, book each seat once and give each
code once, to the last of them."""

from __future__ import annotations

import random
from functools import partial

import pytest

from tests.faults import buyers, flash, pools, seats
from tests.faults.processes import Buyer, go_shopping
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


def test_no_slot_is_overbooked_by_processes_and_its_last_seat_can_be_had(
    world: World, members: list[str]
) -> None:
    units = buyers.UNITS // 4
    salon = seats.open_salon(world, units, stock=4 * len(members))
    crowd = [Buyer(salon.store, number, member) for number, member in enumerate(members)]
    go_shopping(partial(seats.visit, salon), crowd, lambda: None)
    assert seats.problems_of(salon, crowd) == []
    # Others than those who have a seat there already.
    last = seats.book_the_rest(salon, [world.member(100) for _ in range(units + 1)])
    assert seats.problems_of(salon, [*crowd, *last], is_over=True) == []


def test_processes_give_each_code_to_one_order_and_the_last_one_can_be_had(
    world: World, members: list[str]
) -> None:
    shelf, dice = pools.fill(world, buyers.UNITS), random.Random(1)
    crowd = [Buyer(shelf.skus[0], number, member) for number, member in enumerate(members)]
    go_shopping(
        partial(pools.shop, shelf.skus),
        crowd,
        lambda: pools.add_codes(world, shelf, dice.choice(shelf.skus), 1),
    )
    assert pools.problems_of(shelf, crowd) == []
    last = pools.sell_the_rest(shelf, world.member(buyers.PURSE))
    go_shopping(pools.fetch, [*crowd, *last], lambda: None)
    assert pools.problems_of(shelf, [*crowd, *last], is_over=True) == []
