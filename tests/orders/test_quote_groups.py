"""Goods of several kinds are quoted together and ordered apart; an order has thirty lines."""

from __future__ import annotations

import pytest

from tests.api import new_key
from tests.orders.carts import Shopper, carried, template
from tests.world import World


@pytest.fixture
def shopper(world: World) -> Shopper:
    return Shopper(world, points=1000)


def test_a_quote_groups_goods_by_their_kind(shopper: Shopper, world: World) -> None:
    cup, code = carried(world, template(world), points=100), world.sku(kind="virtual", points=50)
    service = world.sku(kind="service", points=10)
    quoted = shopper.quote({cup: 2, code: 1, service: 1}).body
    assert [(g["kind"], g["points"]) for g in quoted["groups"]] == [
        ("physical", 200),
        ("virtual", 50),
        ("service", 10),
    ]
    assert (quoted["points"], quoted["cash"]["amount"], len(quoted["lines"])) == (260, 1000, 3)
    assert (quoted["payable_points"], quoted["shortfall"]) == ([], None)
    assert quoted["groups"][0]["freight"]["amount"] == 1000


def test_a_quote_of_one_kind_has_one_group(shopper: Shopper, world: World) -> None:
    quoted = shopper.quote({world.sku(): 1, world.sku(): 1}).body
    (group,) = quoted["groups"]
    assert group["payable_points"] == quoted["payable_points"]
    assert group["lines"] == quoted["lines"]


def test_the_points_of_a_member_fill_the_kinds_in_turn(shopper: Shopper, world: World) -> None:
    cup, code = world.sku(points=900), world.sku(kind="virtual", points=300)
    quoted = shopper.quote({cup: 1, code: 1}).body
    assert [group["missing_points"] for group in quoted["groups"]] == [0, 200]
    assert quoted["shortfall"]["points"] == 200
    assert quoted["shortfall"]["ways_to_earn"][0]["rule_id"] == "purchases"


def test_an_order_of_several_kinds_is_refused(shopper: Shopper, world: World) -> None:
    items = {world.sku(): 1, world.sku(kind="virtual"): 1}
    refused = shopper.order(items)
    assert (refused.status, refused.body["code"]) == (409, "mixed_kinds")
    assert world.available(shopper.id) == 1000


def test_points_are_asked_for_one_kind_at_a_time(shopper: Shopper, world: World) -> None:
    items = {world.sku(): 1, world.sku(kind="virtual"): 1}
    refused = shopper.quote(items, points=100)
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, "several_kinds")


def test_the_expected_price_of_several_kinds_is_their_sum(shopper: Shopper, world: World) -> None:
    items = {world.sku(points=100): 1, world.sku(kind="virtual", points=50): 1}
    assert shopper.quote(items, expected={"points": 150}).status == 200
    assert shopper.quote(items, expected={"points": 149}).body["code"] == "price_changed"


def test_an_order_takes_thirty_lines_all_or_nothing(shopper: Shopper, world: World) -> None:
    skus = [world.sku(points=10, stock=1, limits={"per_member": 2}) for _ in range(31)]
    placed = shopper.order(dict.fromkeys(skus[:30], 1))
    assert (placed.status, len(placed.body["lines"])) == (201, 30)
    assert [world.stock(sku) for sku in skus[:30]] == [0] * 30
    assert shopper.order(dict.fromkeys(skus, 1)).body["errors"][0]["code"] == "too_many"
    undone = world.api.post(
        f"/v1/orders/{placed.body['id']}/cancel", as_=shopper.token, key=new_key()
    )
    assert undone.status == 200
    assert [world.stock(sku) for sku in skus[:30]] == [1] * 30
    assert Shopper(world).order({skus[0]: 1}).status == 201
    refused = shopper.order(dict.fromkeys(skus[:30], 1))
    assert (refused.status, refused.body["code"]) == (409, "out_of_stock")
    assert [world.stock(sku) for sku in skus[1:30]] == [1] * 29
    assert world.available(shopper.id) == 1000


def test_more_limits_than_an_order_can_count_are_refused(shopper: Shopper, world: World) -> None:
    limits = {"per_member": 9, "per_member_day": 9, "per_member_month": 9}
    skus = [world.sku(points=1, stock=1, limits=limits) for _ in range(30)]
    refused = shopper.order(dict.fromkeys(skus, 1))
    assert (refused.status, refused.body["code"]) == (409, "order_too_large")
    assert (world.available(shopper.id), world.stock(skus[0])) == (1000, 1)
    assert shopper.order(dict.fromkeys(skus[:20], 1)).status == 201
