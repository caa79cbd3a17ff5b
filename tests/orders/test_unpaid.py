"""The limit of unpaid orders of a member, and the most cash of an order."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel.config import config
from chalicelib.orders.queries import listing
from tests.api import Answer, new_key
from tests.conftest import Time
from tests.orders.cashier import Cashier

MOST = config().orders.unpaid_orders_at_most
STOCK = 99


def full(cashier: Cashier) -> tuple[str, list[str]]:
    """A SKU, and as many unpaid orders of it as a member may have."""
    sku = cashier.sku(kind="virtual", stock=STOCK)
    return sku, [cashier.place(sku, points=200)["id"] for _ in range(MOST)]


def one_more(cashier: Cashier, sku: str, **other: Any) -> Answer:
    return cashier.world.order(cashier.member, sku, points=200, **other)


def test_unpaid_orders_of_a_member_are_limited(cashier: Cashier) -> None:
    sku, _ = full(cashier)
    before = (cashier.world.stock(sku), cashier.balance())
    refused = one_more(cashier, sku)
    assert (refused.status, refused.body["code"]) == (409, "unpaid_orders_limit_reached")
    assert refused.body["at_most"] == MOST
    assert (cashier.world.stock(sku), cashier.balance()) == before
    cashier.member = cashier.world.member(points=5000)
    assert one_more(cashier, sku).status == 201, "somebody else's are not counted"


def test_a_paid_or_cancelled_order_makes_room_for_another(cashier: Cashier) -> None:
    sku, orders = full(cashier)
    cashier.pay(orders[0])
    path = f"/v1/orders/{orders[1]}/cancel"
    assert cashier.api.post(path, None, as_=cashier.me, key=new_key()).status == 200
    assert [one_more(cashier, sku).status for _ in range(3)] == [201, 201, 409]


def test_a_stale_read_of_a_paid_order_refuses_no_other(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku, orders = full(cashier)
    before = listing.find_each(orders)
    cashier.pay(orders[0])
    monkeypatch.setattr(listing, "find_each", lambda _: before)
    assert one_more(cashier, sku).status == 201


def test_a_timed_out_order_makes_room_for_another(cashier: Cashier, time: Time) -> None:
    sku, _ = full(cashier)
    time.advance(minutes=31)
    cashier.sweep()
    assert one_more(cashier, sku).status == 201


def test_unpaid_orders_do_not_limit_orders_that_need_no_payment(cashier: Cashier) -> None:
    full(cashier)
    cashier.world.address(cashier.member)
    parcel = cashier.sku(kind="physical")
    assert one_more(cashier, parcel, payment_method="cod").status == 201
    free = cashier.world.sku(kind="virtual", price={"points": 5})
    assert cashier.world.order(cashier.member, free).status == 201


def test_a_retry_of_the_last_unpaid_order_returns_it(cashier: Cashier) -> None:
    sku = cashier.sku(kind="virtual", stock=STOCK)
    for _ in range(MOST - 1):
        cashier.place(sku, points=200)
    key, body = new_key(), {"items": [{"sku": sku, "quantity": 1}], "points": 200}
    first = cashier.api.post("/v1/orders", body, as_=cashier.me, key=key)
    again = cashier.api.post("/v1/orders", body, as_=cashier.me, key=key)
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    assert again.headers["Idempotent-Replayed"] == "true"


def test_cash_above_the_providers_maximum_is_refused_and_changes_nothing(
    cashier: Cashier,
) -> None:
    most = config().payments.cash_maximum
    sku = cashier.sku(
        kind="virtual",
        cash={"amount": most + 1, "currency": "CNY"},
        cash_equivalent=None,
        min_points=None,
    )
    before = (cashier.world.stock(sku), cashier.balance())
    body = {"items": [{"sku": sku, "quantity": 1}]}
    for answer in (
        cashier.world.order(cashier.member, sku),
        cashier.api.post("/v1/orders/quote", body, as_=cashier.me),
    ):
        assert (answer.status, answer.body["code"]) == (409, "cash_above_maximum")
        assert (answer.body["maximum"], answer.body["cash"]) == (most, most + 1)
    assert (cashier.world.stock(sku), cashier.balance()) == before
    exact = cashier.sku(
        kind="virtual",
        cash={"amount": most, "currency": "CNY"},
        cash_equivalent=None,
        min_points=None,
    )
    assert cashier.world.order(cashier.member, exact).body["cash"]["amount"] == most


def test_cash_on_delivery_may_exceed_the_providers_maximum(cashier: Cashier) -> None:
    cashier.world.address(cashier.member)
    amount = config().payments.cash_maximum + 1
    sku = cashier.sku(
        kind="physical",
        cash={"amount": amount, "currency": "CNY"},
        cash_equivalent=None,
        min_points=None,
    )
    placed = cashier.world.order(cashier.member, sku, payment_method="cod")
    assert (placed.status, placed.body["cash"]["amount"]) == (201, amount)
