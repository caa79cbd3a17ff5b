"""Freight in quotes, orders, payments and what goes back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import new_key, token
from tests.orders.carts import FAR, NEAR, Shopper, carried, change, template
from tests.orders.cashier import Cashier
from tests.world import World


@pytest.fixture
def shopper(world: World) -> Shopper:
    return Shopper(world)


def cny(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


def test_freight_in_cash_is_in_quote_and_order(shopper: Shopper, world: World) -> None:
    sku = carried(world, template(world), points=100)
    quoted = shopper.quote({sku: 2}).body
    assert (quoted["points"], quoted["cash"], quoted["freight"]) == (200, cny(1000), cny(1000))
    assert quoted["delivery"] == {"status": "known", "province": "上海市", "delivers_to": []}
    expected = {"points": 200, "cash": cny(1000)}
    order = shopper.order({sku: 2}, expected=expected).body
    assert (order["status"], order["points"]) == ("awaiting_payment", 200)
    assert (order["cash"], order["freight"], order["freight_points"]) == (cny(1000), cny(1000), 0)
    assert order["lines"][0]["cash"] == cny(0)


def test_freight_in_points_is_within_the_points(shopper: Shopper, world: World) -> None:
    sku = carried(world, template(world, paid_in="points"), points=100)
    quoted = shopper.quote({sku: 1}).body
    assert (quoted["points"], quoted["freight_points"], quoted["cash"]) == (700, 600, cny(0))
    assert quoted["payable_points"] == [{"least": 700, "most": 700}]
    before = world.available(shopper.id)
    order = shopper.order({sku: 1}, points=700).body
    assert (order["points"], order["freight_points"], order["status"]) == (
        700,
        600,
        "awaiting_review",
    )
    assert order["lines"][0]["points"] == 100
    assert world.available(shopper.id) == before - 700
    cancelled = world.api.post(f"/v1/orders/{order['id']}/cancel", as_=shopper.token, key=new_key())
    assert cancelled.body["status"] == "cancelled"
    assert world.available(shopper.id) == before


def test_goods_without_a_template_have_no_freight(shopper: Shopper, world: World) -> None:
    quoted = shopper.quote({world.sku(): 1}).body
    assert (quoted["freight"], quoted["delivery"]["status"]) == (cny(0), "free")


def test_a_region_without_delivery_is_refused_and_the_quote_says_where(
    shopper: Shopper, world: World
) -> None:
    sku = carried(world, template(world, {**NEAR, "provinces": ["浙江省", "江苏省"]}))
    quoted = shopper.quote({sku: 1})
    assert (quoted.status, quoted.body["delivery"]) == (
        200,
        {"status": "not_delivered", "province": "上海市", "delivers_to": ["江苏省", "浙江省"]},
    )
    before = world.available(shopper.id)
    refused = shopper.order({sku: 1})
    assert (refused.status, refused.body["code"]) == (409, "not_delivered_there")
    assert refused.body["delivers_to"] == ["江苏省", "浙江省"]
    assert (world.available(shopper.id), world.stock(sku)) == (before, 10)


def test_a_quote_without_an_address_says_that_freight_is_not_known(world: World) -> None:
    member, sku = world.member(1000), carried(world, template(world))
    body = {"items": [{"sku": sku, "quantity": 1}]}
    quoted = world.api.post("/v1/orders/quote", body, as_=token(member))
    assert (quoted.body["delivery"]["status"], quoted.body["freight"]) == ("no_address", cny(0))


def test_freight_is_free_above_an_amount(shopper: Shopper, world: World) -> None:
    sku = carried(world, template(world, free={"points": 300}), points=100)
    assert shopper.quote({sku: 2}).body["freight"] == cny(1000)
    assert shopper.quote({sku: 3}).body["freight"] == cny(0)


def test_goods_of_two_templates_pay_both_and_of_one_template_once(
    shopper: Shopper, world: World
) -> None:
    first, second = template(world), template(world, {**FAR, "fee": 100})
    one, two = carried(world, first, grams=400), carried(world, first, grams=500)
    other = carried(world, second)
    assert shopper.quote({one: 1, two: 1}).body["freight"] == cny(600)
    assert shopper.quote({one: 1, two: 1, other: 1}).body["freight"] == cny(700)


def test_a_changed_freight_is_a_changed_price(shopper: Shopper, world: World) -> None:
    sku = carried(world, template(world))
    seen = shopper.quote({sku: 1}).body
    change(world, sku, skus=[{"sku": sku, "weight_grams": 5000}])
    expected = {"points": seen["points"], "cash": seen["cash"]}
    refused = shopper.order({sku: 1}, expected=expected)
    assert (refused.body["code"], refused.body["cash"]) == ("price_changed", 2200)


def test_what_is_quoted_is_what_is_ordered_with_points_for_cash(
    shopper: Shopper, world: World
) -> None:
    price = {"points": 1000, "cash_equivalent": cny(9900), "min_points": 0}
    sku = carried(world, template(world), price=price)
    quoted = shopper.quote({sku: 1}, points=500).body
    assert (quoted["points"], quoted["cash"]) == (500, cny(4950 + 600))
    # The whole price in points leaves the freight, which is enough to be charged.
    assert quoted["payable_points"] == [{"least": 0, "most": 1000}]
    order = shopper.order({sku: 1}, points=500, expected={"points": 500, "cash": cny(5550)})
    assert order.status == 201


def paid(cashier: Cashier, sku: str) -> Any:
    cashier.world.address(cashier.member)
    order = cashier.place(sku, 2)
    cashier.pay(order["id"])
    return order


def staff(cashier: Cashier, order: Any, act: str, body: Any = None) -> Any:
    path = f"/v1/admin/orders/{order['id']}/{act}"
    answer = cashier.api.post(path, body, as_=cashier.world.ops, key=new_key())
    assert answer.status in (200, 201), answer.body
    return answer.body


def test_a_rejected_order_gives_its_freight_back(cashier: Cashier) -> None:
    world = cashier.world
    sku = carried(world, template(world), points=100)
    order = paid(cashier, sku)
    staff(cashier, order, "take")
    rejected = staff(cashier, order, "reject", {"reason": "缺货"})
    (refund,) = rejected["refunds"]
    assert (refund["points"], refund["cash"]) == (200, cny(1000))


def test_freight_goes_back_with_the_last_unit(cashier: Cashier) -> None:
    world = cashier.world
    price = {"points": 100, "cash": cny(500)}
    order = paid(cashier, carried(world, template(world), price=price))
    staff(cashier, order, "take")
    staff(cashier, order, "approve")
    lines = [{"sku": order["lines"][0]["sku"], "quantity": 1}]
    first = staff(cashier, order, "refunds", {"reason": "破损", "lines": lines})
    last = staff(cashier, order, "refunds", {"reason": "破损", "lines": lines})
    assert (first["cash"], last["cash"]) == (cny(500), cny(500 + 1000))
    assert (
        cashier.api.get(f"/v1/orders/{order['id']}", as_=cashier.me).body["payment"]["status"]
        == "refunded"
    )


def test_an_order_of_an_unknown_address_is_refused(shopper: Shopper, world: World) -> None:
    sku = carried(world, template(world))
    refused = shopper.order({sku: 1}, address_id="adr_none")
    assert (refused.status, refused.body["errors"][0]["code"]) == (400, "unknown_address")
