"""A unit refunded before it leaves is on sale again; its place in a limit always is free."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import catalog
from chalicelib.catalog.errors import CodePoolEmpty
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.catalog.tables.pools import pool_key
from chalicelib.kernel import clock
from chalicelib.orders.actions.codes import hand_out_codes
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.tables import TAKEN, TakenItem
from tests.api import new_key
from tests.orders.cashier import Cashier
from tests.orders.limited_goods import ORDERED, STOCK, left, limited, placed, sku_of
from tests.orders.parcels import PARCEL, act
from tests.orders.refunds import units
from tests.payments.fake_gateway import FakeGateway


def taken(cashier: Cashier, order: Any) -> int:
    """The units counted against the member's limit."""
    product_id = get_order(order["id"]).lines[0].product_id
    key = TakenItem.key(cashier.member, product_id)
    item = TakenItem.find(key.pk, TAKEN)
    return item.taken if item else 0


def leave(cashier: Cashier, order: Any, kind: str) -> None:
    """Ship the rest of an order."""
    if kind == "virtual":
        hand_out_codes(order["id"], clock.to_ms(clock.now()))
    else:
        step = ("ship", PARCEL) if kind == "physical" else ("use",)
        assert act(cashier, order, *step).status == 200


def free_codes(sku: str) -> int:
    return catalog.read_pool(sku).free


KINDS = ["virtual", "service", "physical"]


@pytest.mark.parametrize("kind", KINDS)
def test_units_refunded_before_shipping_are_on_sale_at_once(cashier: Cashier, kind: str) -> None:
    order = placed(cashier, kind)
    assert (left(cashier, order), taken(cashier, order)) == (STOCK - 3, 3)
    assert cashier.refund(order["id"], units(order, 1)).status == 201
    assert (left(cashier, order), taken(cashier, order)) == (STOCK - 2, 2)
    assert cashier.refund(order["id"], {"reason": "x"}).status == 201
    assert (left(cashier, order), taken(cashier, order)) == (STOCK, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_refunded_shipped_units_free_the_limit_but_are_not_on_sale(
    cashier: Cashier, kind: str
) -> None:
    order = placed(cashier, kind)
    assert cashier.refund(order["id"], units(order, 1)).status == 201
    leave(cashier, order, kind)
    assert cashier.refund(order["id"], units(order, 1)).status == 201
    assert (left(cashier, order), taken(cashier, order)) == (STOCK - 2, 1)
    assert cashier.refund(order["id"], {"reason": "x"}).status == 201
    assert (left(cashier, order), taken(cashier, order)) == (STOCK - 2, 0)
    if kind == "virtual":
        assert free_codes(sku_of(order)) == left(cashier, order)


def test_a_refund_frees_the_members_limit(cashier: Cashier) -> None:
    order = placed(cashier, "virtual")
    again = {"items": [{"sku": sku_of(order), "quantity": 2}]}
    refused = cashier.api.post("/v1/orders", again, as_=cashier.me, key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "limit_reached")
    assert cashier.refund(order["id"], units(order, 2)).status == 201
    assert cashier.api.post("/v1/orders", again, as_=cashier.me, key=new_key()).status == 201
    refused = cashier.api.post("/v1/orders", again, as_=cashier.me, key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "limit_reached")


def test_a_retried_refund_returns_stock_and_limit_once(cashier: Cashier) -> None:
    order, key = placed(cashier, "virtual"), new_key()
    for _ in range(3):
        assert cashier.refund(order["id"], units(order, 1), key=key).status == 201
    assert (left(cashier, order), taken(cashier, order)) == (STOCK - 2, 2)


@pytest.mark.parametrize(("shipped", "refunded", "back"), [(1, 1, 1), (1, 3, 2), (2, 2, 1)])
def test_a_refunded_unit_counts_as_unshipped_first(
    cashier: Cashier, shipped: int, refunded: int, back: int
) -> None:
    order = placed(cashier, "physical")
    part = PARCEL | {"lines": units(order, shipped)["lines"]}
    assert act(cashier, order, "ship", part).body["status"] == "approved"
    assert cashier.refund(order["id"], units(order, refunded)).status == 201
    assert left(cashier, order) == STOCK - ORDERED + back
    assert taken(cashier, order) == ORDERED - refunded


def test_a_returned_parcel_restocks_only_its_unrefunded_units(cashier: Cashier) -> None:
    cashier.world.address(cashier.member)
    order = cashier.place(limited(cashier, "physical"), ORDERED, payment_method="cod")
    for step in ("take", "approve"):
        assert act(cashier, order, step).status == 200
    assert cashier.refund(order["id"], units(order, 1)).status == 201
    assert act(cashier, order, "ship", PARCEL).body["status"] == "shipped"
    assert (left(cashier, order), taken(cashier, order)) == (STOCK - 2, 2)
    path = f"/v1/admin/orders/{order['id']}/uncollected"
    back = cashier.api.post(path, {"reason": "拒收"}, as_=cashier.world.ops, key=new_key())
    assert back.status == 200, back.body
    assert (left(cashier, order), taken(cashier, order)) == (STOCK, 0)


@pytest.mark.parametrize("step", ["cancel", "reject"])
def test_a_cancelled_or_rejected_order_returns_its_reservations(
    cashier: Cashier, step: str
) -> None:
    cashier.world.address(cashier.member)
    order = cashier.place(limited(cashier, "physical"), ORDERED, payment_method="cod")
    if step == "reject":
        act(cashier, order, "take")
        assert act(cashier, order, "reject", {"reason": "x"}).status == 200
    else:
        path = f"/v1/orders/{order['id']}/cancel"
        assert cashier.api.post(path, None, as_=cashier.me, key=new_key()).status == 200
    assert (left(cashier, order), taken(cashier, order)) == (STOCK, 0)


def test_an_unpaid_order_of_codes_returns_its_reservations_at_the_timeout(
    cashier: Cashier, time: Any
) -> None:
    order = cashier.place(limited(cashier, "virtual"), ORDERED)
    assert left(cashier, order) == STOCK - ORDERED
    time.advance(minutes=31)
    cashier.sweep()
    assert (left(cashier, order), taken(cashier, order)) == (STOCK, 0)
    assert free_codes(sku_of(order)) == STOCK


def lose(cashier: Cashier, order: Any) -> str:
    """Lose a dispute of its cash; returns the dispute."""
    dispute = cashier.provider.dispute(order["intent"])
    cashier.tell(order["id"], order["intent"], "charge.dispute.created")
    before = left(cashier, order)
    cashier.provider.lose(order["intent"], dispute.id)
    assert left(cashier, order) == before
    for _ in range(2):
        cashier.tell(order["id"], order["intent"], "charge.dispute.closed")
    return dispute.id


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_dispute_puts_unshipped_units_on_sale(cashier: Cashier, kind: str) -> None:
    order = placed(cashier, kind)
    assert cashier.refund(order["id"], units(order, 1)).status == 201
    lose(cashier, order)
    assert left(cashier, order) == STOCK
    assert taken(cashier, order) == 2  # it was no refund: the member has had a turn
    hand_out_codes(order["id"], clock.to_ms(clock.now()))
    assert get_order(order["id"]).codes is None
    if kind == "virtual":
        assert free_codes(sku_of(order)) == STOCK


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_dispute_puts_no_shipped_unit_on_sale(cashier: Cashier, kind: str) -> None:
    order = placed(cashier, kind)
    leave(cashier, order, kind)
    lose(cashier, order)
    assert left(cashier, order) == STOCK - ORDERED


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_dispute_won_later_takes_its_units_at_shipping(cashier: Cashier, kind: str) -> None:
    order = placed(cashier, kind)
    dispute = lose(cashier, order)
    cashier.provider.win(order["intent"], dispute)
    cashier.tell(order["id"], order["intent"], "charge.dispute.closed")
    assert not get_order(order["id"]).disputed
    assert left(cashier, order) == STOCK
    assert cashier.refund(order["id"], units(order, 1)).status == 201
    assert left(cashier, order) == STOCK  # it was on sale already
    leave(cashier, order, kind)
    assert left(cashier, order) == STOCK - 2
    if kind == "virtual":
        assert free_codes(sku_of(order)) == STOCK - 2


def test_units_sold_after_a_lost_dispute_are_not_shipped_after_it_is_won(
    cashier: Cashier, provider: FakeGateway
) -> None:
    order = placed(cashier, "service")
    dispute = lose(cashier, order)
    body = {"quantity": 2 - STOCK, "reason": "x"}
    path = f"/v1/admin/skus/{sku_of(order)}/restock"
    assert cashier.api.post(path, body, as_=cashier.world.ops, key=new_key()).status == 201
    provider.win(order["intent"], dispute)
    cashier.tell(order["id"], order["intent"], "charge.dispute.closed")
    before = cashier.show(order["id"])
    refused = act(cashier, order, "use")
    assert (refused.status, refused.body["code"]) == (409, "out_of_stock")
    assert (cashier.show(order["id"]), left(cashier, order)) == (before, 2)


def test_an_order_without_free_codes_keeps_its_reservation_until_a_refund(
    cashier: Cashier,
) -> None:
    order = placed(cashier, "virtual")
    sku = sku_of(order)
    for item in CatalogItem.query(pool_key(sku)):
        if item.sk.startswith("FREE#"):
            item.delete()
    with pytest.raises(CodePoolEmpty):
        hand_out_codes(order["id"], clock.to_ms(clock.now()))
    assert (left(cashier, order), get_order(order["id"]).codes) == (STOCK - ORDERED, None)
    assert cashier.refund(order["id"], {"reason": "x"}).status == 201
    assert (left(cashier, order), taken(cashier, order)) == (STOCK, 0)
