"""An order costs as much on a SKU with shards, and a refusal after its sale writes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from infra.bench.in_process import InProcess
from infra.bench.stock_units import BATCH, of_sales
from infra.bench.write_units import Meter, Spent
from tests.api import new_key, token
from tests.world import World


def placed(world: World, meter: Meter, member: str, skus: list[str]) -> tuple[Any, Spent]:
    body = {"items": [{"sku": sku, "quantity": 1} for sku in skus]}
    meter.take()
    answer = world.api.post("/v1/orders", body, as_=token(member), key=new_key())
    return answer, meter.take()


def hot(world: World, stock: int, shards: int) -> str:
    sku = {"sku": f"S-{new_key()}", "stock": stock, "shards": shards}
    return world.sku(points=1, skus=[sku])


def member_of(world: World) -> str:
    member = world.member(1000)
    world.address(member)
    return member


@pytest.mark.parametrize("number", [1, 3])
def test_an_order_of_n_skus_writes_at_most_9_and_2_for_each(
    world: World, meter: Meter, number: int
) -> None:
    member = member_of(world)
    skus = [world.sku(points=1) for _ in range(number)]
    answer, spent = placed(world, meter, member, skus)
    assert answer.status == 201, answer.body
    assert spent.write_units <= 9 + 2 * number, spent.lines


def test_an_order_on_a_sku_with_shards_costs_as_much_as_on_one_without(
    world: World, meter: Meter
) -> None:
    member, plain, sharded = member_of(world), hot(world, 60, 1), hot(world, 60, 16)
    for sku in (plain, sharded):
        assert placed(world, meter, member, [sku])[0].status == 201
    costs = []
    for sku in (plain, sharded):
        answer, spent = placed(world, meter, member, [sku])
        assert answer.status == 201, answer.body
        costs.append((spent.write_units, spent.read_units))
    assert costs[0] == costs[1]


def test_a_refusal_after_the_sale_writes_nothing(world: World, meter: Meter) -> None:
    member, sku = member_of(world), hot(world, 4, 4)
    while placed(world, meter, member, [sku])[0].status == 201:
        pass
    answer, spent = placed(world, meter, member, [sku])
    assert (answer.status, answer.body["code"]) == (409, "out_of_stock")
    assert spent.write_units == 0
    # The account, the head, and whether the order was placed before.
    assert spent.read_units <= 3


def test_a_sale_is_followed_by_a_write_unit_for_its_movement_and_one_for_the_summary(
    world: World,
) -> None:
    here = InProcess()
    try:
        found = of_sales(here, lambda stock: world.sku(stock=stock))
    finally:
        here.stop_measuring()
    assert [case.spent.write_units for case in found] == [2, BATCH + 1]
    assert all(case.holds for case in found)
