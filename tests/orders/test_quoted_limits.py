"""A quote tells what an order would refuse: a member's limit, points that leave too little cash."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Answer, new_key, token
from tests.orders.cashier import Cashier
from tests.orders.placed import place
from tests.world import World

MIXED = {
    "points": 1000,
    "cash": None,
    "min_points": 200,
    "cash_equivalent": {"amount": 9900, "currency": "CNY"},
}


def quoted(world: World, member: str, *skus: str, quantity: int = 1, **other: Any) -> Answer:
    body = {"items": [{"sku": sku, "quantity": quantity} for sku in skus], **other}
    return world.api.post("/v1/orders/quote", body, as_=token(member))


def limit_of(answer: Answer) -> tuple[int, str, int]:
    return answer.status, answer.body["code"], answer.body["limit"]


@pytest.fixture
def member(world: World) -> str:
    made = world.member(1000)
    world.address(made)
    return made


def test_a_quote_counts_what_the_member_has_had(world: World, member: str) -> None:
    sku = world.sku(points=10, limits={"per_member": 2})
    assert quoted(world, member, sku, quantity=2).status == 200
    assert place(world, member, sku).status == 201
    assert quoted(world, member, sku).status == 200
    refused = quoted(world, member, sku, quantity=2)
    assert limit_of(refused) == (409, "limit_reached", 2)
    assert refused.body["detail"] == "At most 2 of “Thermos cup” can be had; you have had 1"
    placed = place(world, member, sku, items=[{"sku": sku, "quantity": 2}])
    assert limit_of(placed) == (409, "limit_reached", 2)
    assert quoted(world, world.member(1000), sku, quantity=2).status == 200


def test_a_quote_above_the_limit_alone_is_refused(world: World, member: str) -> None:
    sku = world.sku(points=10, limits={"per_member": 2})
    refused = quoted(world, member, sku, quantity=3)
    assert limit_of(refused) == (409, "limit_reached", 2)
    assert refused.body["detail"] == "At most 2 of “Thermos cup” can be had"


def test_the_skus_of_a_product_have_one_limit_in_a_quote(world: World, member: str) -> None:
    names = [f"S-{new_key()}" for _ in range(2)]
    skus = [{"sku": name, "specs": {"colour": name}, "stock": 5} for name in names]
    world.product(points=10, limits={"per_member": 2}, skus=skus)
    assert quoted(world, member, *names).status == 200
    assert place(world, member, names[0]).status == 201
    assert limit_of(quoted(world, member, *names)) == (409, "limit_reached", 2)


def test_a_cancelled_order_is_not_counted_in_a_quote(world: World, member: str) -> None:
    sku = world.sku(points=10, limits={"per_member": 1})
    order = place(world, member, sku).body
    assert limit_of(quoted(world, member, sku)) == (409, "limit_reached", 1)
    path = f"/v1/orders/{order['id']}/cancel"
    assert world.api.post(path, as_=token(member), key=new_key()).status == 200
    assert quoted(world, member, sku).status == 200


def test_a_quote_above_the_limit_of_an_order_is_refused(world: World, member: str) -> None:
    sku = world.sku(points=10, limits={"per_order": 2})
    assert limit_of(quoted(world, member, sku, quantity=3)) == (409, "limit_reached", 2)


def test_a_quote_says_which_points_can_pay(cashier: Cashier) -> None:
    sku = cashier.world.sku(price=MIXED)
    answer = quoted(cashier.world, cashier.member, sku)
    assert answer.body["payable_points"] == [
        {"least": 200, "most": 959},
        {"least": 1000, "most": 1000},
    ]
    on_delivery = quoted(cashier.world, cashier.member, sku, payment_method="cod")
    assert on_delivery.body["payable_points"] == [{"least": 200, "most": 1000}]
    twice = quoted(cashier.world, cashier.member, sku, quantity=2)
    assert twice.body["payable_points"] == [
        {"least": 400, "most": 1959},
        {"least": 2000, "most": 2000},
    ]


@pytest.mark.parametrize("points", [200, 959, 1000])
def test_an_order_takes_the_ends_of_the_payable_points(cashier: Cashier, points: int) -> None:
    order = cashier.place(cashier.world.sku(kind="virtual", price=MIXED), points=points)
    assert order["points"] == points


@pytest.mark.parametrize("points", [960, 999])
def test_an_order_refuses_points_between_the_payable_ones(cashier: Cashier, points: int) -> None:
    sku, before = cashier.world.sku(kind="virtual", price=MIXED), cashier.balance()
    answer = place(cashier.world, cashier.member, sku, points=points)
    assert (answer.status, answer.body["code"]) == (409, "cash_below_minimum")
    assert cashier.balance() == before
    assert cashier.world.stock(sku) == 10


def test_goods_for_points_alone_take_one_number(world: World, member: str) -> None:
    answer = quoted(world, member, world.sku(points=80), quantity=2)
    assert answer.body["payable_points"] == [{"least": 160, "most": 160}]
