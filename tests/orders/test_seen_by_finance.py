"""Finance reads orders without the person; the staff finds their money at the provider."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import ids
from tests.api import Api, new_key, token
from tests.orders.cashier import Cashier
from tests.orders.placed import Placed
from tests.orders.refunds import failed_refund, paid, units
from tests.world import ADDRESS, World

MASKED = {
    "recipient": "李**",
    "phone": "+86138****8000",
    "country": "CN",
    "province": "上海市",
    "city": "上海市",
    "district": "黄浦区",
    "street": "***",
    "postal_code": None,
}


def staff(*roles: str) -> str:
    return token(ids.new_id("mbr"), *roles)


def test_finance_reads_an_order_without_the_person(world: World) -> None:
    order = Placed(world)
    path, finance = f"/v1/admin/orders/{order.id}", staff("finance")
    clear = world.api.get(path, as_=world.ops).body
    assert (clear["is_masked"], clear["address"]["street"]) == (False, ADDRESS["street"])
    seen = world.api.get(path, as_=finance)
    assert (seen.status, seen.body) == (200, {**clear, "address": MASKED, "is_masked": True})
    assert ADDRESS["phone"] not in str(seen.body)
    (listed,) = world.api.get(f"/v1/admin/orders?id={order.id}", as_=finance).body["data"]
    assert listed == seen.body


@pytest.mark.parametrize("role", ["agent", "ops", "admin"])
def test_who_sends_goods_or_answers_members_sees_the_person(world: World, role: str) -> None:
    order = Placed(world)
    path = f"/v1/admin/orders/{order.id}"
    for roles in ([role], [role, "finance"]):
        seen = world.api.get(path, as_=staff(*roles)).body
        assert (seen["is_masked"], seen["address"]["street"]) == (False, ADDRESS["street"])


def test_the_note_of_a_booking_is_not_for_finance(cashier: Cashier) -> None:
    booking = {"at": "2088-01-01T00:00:00Z", "note": "三楼李雷"}
    order = cashier.place(cashier.sku(), booking=booking)
    seen = cashier.api.get(f"/v1/admin/orders/{order['id']}", as_=cashier.finance).body
    free = {"until": None, "missed": False}
    assert seen["booking"] == {"at": booking["at"], "note": None, **free}
    path = f"/v1/admin/orders/{order['id']}/settle"
    synced = cashier.api.post(path, as_=cashier.finance, key=new_key())
    assert (synced.status, synced.body["booking"]) == (200, seen["booking"])


def test_finance_acts_on_no_order_but_on_its_money(world: World) -> None:
    order = Placed(world)
    for act in ("take", "approve", "deliver", "use"):
        refused = order.staff(act, as_=staff("finance"))
        assert (refused.status, refused.body["code"]) == (403, "forbidden")
    assert order.status() == "awaiting_review"


def payments(api: Api, order_id: str, as_: str) -> Any:
    return api.get(f"/v1/admin/orders/{order_id}/payments", as_=as_)


def test_a_payment_is_shown_by_its_ids_at_the_provider(cashier: Cashier) -> None:
    order = cashier.service(points=400)
    path = cashier.finance
    unpaid = payments(cashier.api, order["id"], path)
    assert unpaid.body == {"provider": "stripe", "payment": None, "refunds": []}
    intent_id = cashier.intent(order["id"])
    started = payments(cashier.api, order["id"], path).body["payment"]
    assert (started["id"], started["charge"], started["status"]) == (intent_id, None, "awaiting")
    cashier.pay(order["id"])
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    found = payments(cashier.api, order["id"], path).body["payment"]
    assert found == {**started, "charge": charge.id, "status": "succeeded"}
    assert found["amount"] == order["cash"]


def test_refunds_are_shown_by_their_ids_at_the_provider(cashier: Cashier) -> None:
    order, intent_id = paid(cashier)
    cashier.refund(order["id"], units(order, 1))
    (due,) = payments(cashier.api, order["id"], cashier.finance).body["refunds"]
    assert (due["status"], due["provider_id"]) == ("due", None)
    cashier.act_on(f"PAY#{order['id']}")
    charge = cashier.provider.intents[intent_id].charge
    assert charge
    found = payments(cashier.api, order["id"], cashier.finance).body
    assert [each["provider_id"] for each in found["refunds"]] == [charge.refunds[0].id]
    assert found["payment"]["status"] == "partially_refunded"


def test_a_failed_refund_is_shown_with_the_one_that_was_sent_again(cashier: Cashier) -> None:
    order, refund_id = failed_refund(cashier)
    path = f"/v1/admin/orders/{order['id']}/refunds/{refund_id}/retry"
    again = cashier.api.post(path, None, as_=cashier.finance, key=new_key()).body["id"]
    found = payments(cashier.api, order["id"], cashier.finance).body["refunds"]
    assert [(each["id"], each["status"]) for each in found] == [
        (refund_id, "closed"),
        (again, "due"),
    ]


def test_points_alone_have_no_payment_and_no_refund(world: World) -> None:
    shown = payments(world.api, Placed(world).id, world.ops)
    assert shown.body == {"provider": "stripe", "payment": None, "refunds": []}


def test_an_unknown_orders_payments_are_not_found(world: World) -> None:
    assert payments(world.api, "ord_nobody", staff("finance")).status == 404


def test_a_members_own_token_shows_no_payments_of_the_staff(cashier: Cashier) -> None:
    order = cashier.service(points=400)
    assert payments(cashier.api, order["id"], cashier.me).status == 403
