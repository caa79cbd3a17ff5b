"""Quoting and placing: all or nothing, once for each key, at the seen price."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import ledger
from tests.api import new_key, token
from tests.orders.placed import place
from tests.world import World


def test_an_order_takes_points_and_stock_and_waits_for_review(world: World) -> None:
    member, sku = world.member(300), world.sku(points=100, stock=5)
    address = world.address(member)
    answer = place(world, member, sku, address_id=address)
    assert answer.status == 201
    assert answer.body["status"] == "awaiting_review"
    assert answer.body["points"] == 100
    assert answer.body["cash"] == {"amount": 0, "currency": "CNY"}
    assert answer.body["address"]["recipient"] == "李雷"
    assert [step["status"] for step in answer.body["timeline"]] == ["awaiting_review"]
    assert world.available(member) == 200
    assert world.stock(sku) == 4
    shown = world.api.get(f"/v1/orders/{answer.body['id']}", as_=token(member))
    assert shown.body == answer.body


def test_titles_and_states_are_in_the_language_of_the_request(world: World) -> None:
    member, sku = world.member(300), world.sku(kind="service")
    booking = {"at": "2099-01-01T00:00:00Z"}
    body = {"items": [{"sku": sku, "quantity": 1}], "booking": booking}
    headers = {"Accept-Language": "zh-CN"}
    answer = world.api.post("/v1/orders", body, as_=token(member), key=new_key(), headers=headers)
    assert answer.status == 201
    assert answer.body["status"] == "approved"
    assert answer.body["status_text"] == "待使用"
    assert answer.body["lines"][0]["title"] == "保温杯"
    assert answer.body["booking"]["at"] == "2099-01-01T00:00:00Z"


def test_a_retry_of_a_placed_order_returns_the_same_order(world: World) -> None:
    member, sku, key = world.member(300), world.sku(), new_key()
    world.address(member)
    first = place(world, member, sku, key=key)
    again = place(world, member, sku, key=key)
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert world.available(member) == 200


def test_a_replay_outranks_every_refusal(world: World) -> None:
    member, product = world.member(100), world.product(points=100, stock=1)
    sku, key = product["skus"][0]["sku"], new_key()
    world.address(member)
    first = place(world, member, sku, key=key)
    assert first.status == 201
    changed = world.api.patch(
        f"/v1/admin/products/{product['id']}",
        {"status": "off_sale"},
        as_=world.ops,
        headers={"If-Match": str(product["version"])},
    )
    assert changed.status == 200, changed.body
    again = place(world, member, sku, key=key)
    assert again.status == 201
    assert again.body["id"] == first.body["id"]


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    member, sku, key = world.member(300), world.sku(), new_key()
    world.address(member)
    place(world, member, sku, key=key)
    body = {"items": [{"sku": sku, "quantity": 2}]}
    answer = world.api.post("/v1/orders", body, as_=token(member), key=key)
    assert answer.status == 409
    assert answer.body["code"] == "idempotency_key_reused"
    assert world.available(member) == 200
    assert world.stock(sku) == 9


def test_two_members_may_use_the_same_key(world: World) -> None:
    sku, key = world.sku(), new_key()
    members = [world.member(100), world.member(100)]
    for member in members:
        world.address(member)
    orders = [place(world, member, sku, key=key) for member in members]
    assert [order.status for order in orders] == [201, 201]
    assert orders[0].body["id"] != orders[1].body["id"]


def test_a_key_is_required(world: World) -> None:
    body = {"items": [{"sku": world.sku(), "quantity": 1}]}
    answer = world.api.post("/v1/orders", body, as_=token(world.member(100)))
    assert answer.status == 400
    assert answer.body["code"] == "idempotency_key_required"


def refused(
    world: World,
    sku: str,
    code: str,
    *,
    status: int = 409,
    points: int = 100,
    address: bool = True,
    **body: Any,
) -> Any:
    """Assert the refusal, and that balance, stock and the key are unchanged."""
    member = world.member(points)
    if address:
        world.address(member)
    stock = world.stock(sku)
    before = ledger.find_account(ledger.points_account(member))
    answer = place(world, member, sku, **body)
    assert answer.status == status, answer.body
    assert answer.body["code"] == code
    assert ledger.find_account(ledger.points_account(member)) == before
    assert world.stock(sku) == stock
    listed = world.api.get("/v1/me/orders", as_=token(member))
    assert listed.body["data"] == []
    return answer.body


def test_missing_points_are_refused_with_ways_to_earn(world: World) -> None:
    body = refused(world, world.sku(points=150), "insufficient_points")
    assert body["missing_points"] == 50
    assert body["ways_to_earn"][0]["rule_id"] == "purchases"


def test_an_order_without_stock_is_refused(world: World) -> None:
    refused(world, world.sku(stock=0), "out_of_stock")


def test_an_order_above_the_stock_is_refused_whole(world: World) -> None:
    sku = world.sku(stock=2, points=1)
    refused(world, sku, "out_of_stock", items=[{"sku": sku, "quantity": 3}])


def test_an_unexpected_price_is_refused_with_the_current_one(world: World) -> None:
    body = refused(world, world.sku(), "price_changed", expected={"points": 90})
    assert body["points"] == 100


def test_expected_cash_is_refused_when_none_is_due(world: World) -> None:
    cash = {"amount": 100, "currency": "CNY"}
    refused(world, world.sku(), "price_changed", expected={"points": 100, "cash": cash})


def test_goods_off_sale_are_refused(world: World) -> None:
    refused(world, world.sku(status="draft"), "not_on_sale")


def test_a_physical_order_needs_an_address(world: World) -> None:
    refused(world, world.sku(), "address_required", address=False)


def test_anothers_address_is_refused(world: World) -> None:
    others_address = world.address(world.member())
    body = refused(world, world.sku(), "invalid_request", status=400, address_id=others_address)
    assert body["errors"][0]["field"] == "address_id"


def test_an_unknown_sku_is_refused_by_name(world: World) -> None:
    items = [{"sku": "no-such-sku", "quantity": 1}]
    body = refused(world, world.sku(), "invalid_request", status=400, items=items)
    assert body["errors"][0]["field"] == "items[0].sku"


def test_a_repeated_sku_is_refused(world: World) -> None:
    sku = world.sku()
    items = [{"sku": sku, "quantity": 1}, {"sku": sku, "quantity": 1}]
    body = refused(world, sku, "invalid_request", status=400, items=items)
    assert body["errors"][0]["field"] == "items[1].sku"


def test_goods_of_two_kinds_are_refused(world: World) -> None:
    sku = world.sku(points=1)
    items = [{"sku": sku, "quantity": 1}, {"sku": world.sku(kind="service"), "quantity": 1}]
    refused(world, sku, "mixed_kinds", items=items)


def test_a_service_needs_a_future_booking(world: World) -> None:
    sku = world.sku(kind="service")
    none = refused(world, sku, "invalid_request", status=400)
    said = "is required: a service is booked for a time to come"
    assert (none["errors"][0]["field"], none["errors"][0]["message"]) == ("booking.at", said)
    assert f"booking.at {said}" in none["detail"]
    past = {"at": "2020-01-01T00:00:00Z"}
    late = refused(world, sku, "invalid_request", status=400, booking=past)
    assert late["errors"][0]["message"] == "must be a time to come"


def test_points_other_than_the_price_are_refused(world: World) -> None:
    member, sku = world.member(100), world.sku(points=100)
    world.address(member)
    answer = place(world, member, sku, points=50)
    assert answer.status == 400
    assert answer.body["errors"][0]["field"] == "points"
    assert world.available(member) == 100


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([{"sku": "A", "quantity": 1.0}], "items[0].quantity"),
        ([{"sku": "A", "quantity": True}], "items[0].quantity"),
        ([{"sku": "A", "quantity": "1"}], "items[0].quantity"),
        ([{"sku": "A", "quantity": 0}], "items[0].quantity"),
        ([{"sku": "A", "quantity": -1}], "items[0].quantity"),
        ([{"sku": "A", "quantity": 10**30}], "items[0].quantity"),
        ([{"sku": "A B", "quantity": 1}], "items[0].sku"),
        ([{"quantity": 1}], "items[0].sku"),
        ([{"sku": "A", "quantity": 1, "colour": "x"}], "items[0].colour"),
        ([], "items"),
        ("A", "items"),
    ],
)
def test_bad_items_are_refused_by_the_name_of_the_field(
    world: World, items: Any, field: str
) -> None:
    answer = world.api.post("/v1/orders", {"items": items}, as_=token("mbr_x"), key=new_key())
    assert answer.status == 400
    assert answer.body["errors"][0]["field"] == field


def test_a_limit_per_member_counts_all_orders_and_is_given_back(world: World) -> None:
    member, sku = world.member(500), world.sku(limits={"per_member": 2})
    world.address(member)
    first = place(world, member, sku)
    assert first.status == 201
    assert place(world, member, sku).status == 201
    third = place(world, member, sku)
    assert (third.status, third.body["code"]) == (409, "limit_reached")
    assert third.body["limit"] == 2
    assert world.available(member) == 300
    cancelled = world.api.post(
        f"/v1/orders/{first.body['id']}/cancel", as_=token(member), key=new_key()
    )
    assert cancelled.status == 200, cancelled.body
    assert place(world, member, sku).status == 201


def test_a_limit_per_order_is_enforced(world: World) -> None:
    sku = world.sku(points=1, limits={"per_order": 2})
    refused(world, sku, "limit_reached", items=[{"sku": sku, "quantity": 3}])


def test_several_lines_are_reserved_together_or_not_at_all(world: World) -> None:
    member, first, second = world.member(1000), world.sku(points=10), world.sku(stock=1)
    world.address(member)
    items = [{"sku": first, "quantity": 2}, {"sku": second, "quantity": 2}]
    answer = world.api.post("/v1/orders", {"items": items}, as_=token(member), key=new_key())
    assert answer.body["code"] == "out_of_stock"
    assert world.stock(first) == 10
    items[1]["quantity"] = 1
    answer = world.api.post("/v1/orders", {"items": items}, as_=token(member), key=new_key())
    assert answer.status == 201
    assert answer.body["points"] == 120
    assert (world.stock(first), world.stock(second)) == (8, 0)


def test_a_quote_shows_the_price_and_writes_nothing(world: World) -> None:
    member, sku = world.member(50), world.sku(points=80)
    body = {"items": [{"sku": sku, "quantity": 1}]}
    answer = world.api.post("/v1/orders/quote", body, as_=token(member))
    assert answer.status == 200
    assert answer.body["points"] == 80
    assert answer.body["shortfall"]["points"] == 30
    assert answer.body["shortfall"]["ways_to_earn"]
    world.give(member, 30)
    answer = world.api.post("/v1/orders/quote", body, as_=token(member))
    assert answer.body["shortfall"] is None
    assert world.stock(sku) == 10
