"""A member's note on an order, and the staff's notes about it."""

from __future__ import annotations

import pytest

from chalicelib.kernel import ids
from chalicelib.orders.queries.orders import find_order
from tests.api import new_key, token
from tests.orders.carts import Shopper
from tests.world import World


@pytest.fixture
def shopper(world: World) -> Shopper:
    return Shopper(world)


def placed(shopper: Shopper, **other: str) -> str:
    order = shopper.order({shopper.world.sku(): 1}, **other)
    assert order.status == 201, order.body
    order_id: str = order.body["id"]
    return order_id


def test_a_note_is_sealed_and_shown_to_its_member_and_the_staff(
    shopper: Shopper, world: World
) -> None:
    order_id = placed(shopper, note="请放门卫\n谢谢")
    shown = world.api.get(f"/v1/orders/{order_id}", as_=shopper.token)
    assert shown.body["note"] == "请放门卫\n谢谢"
    assert world.api.get(f"/v1/admin/orders/{order_id}", as_=world.ops).body["note"] == (
        "请放门卫\n谢谢"
    )
    finance = token(ids.new_id("mbr"), "finance")
    assert world.api.get(f"/v1/admin/orders/{order_id}", as_=finance).body["note"] is None
    order = find_order(order_id)
    assert order is not None
    assert order.note is not None
    assert "门卫".encode() not in order.note


def test_an_order_needs_no_note(shopper: Shopper, world: World) -> None:
    order_id = placed(shopper, note="")
    shown = world.api.get(f"/v1/orders/{order_id}", as_=shopper.token)
    assert shown.body["note"] is None


def test_a_long_note_is_refused(shopper: Shopper, world: World) -> None:
    refused = shopper.order({world.sku(): 1}, note="长" * 101)
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "note")


def test_the_staff_notes_something_once_for_a_key(shopper: Shopper, world: World) -> None:
    path, key = f"/v1/admin/orders/{placed(shopper)}/notes", new_key()
    first = world.api.post(path, {"text": "已电话确认"}, as_=world.ops, key=key)
    again = world.api.post(path, {"text": "已电话确认"}, as_=world.ops, key=key)
    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = world.api.post(path, {"text": "别的"}, as_=world.ops, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    world.api.post(path, {"text": "第二条"}, as_=world.ops, key=new_key())
    listed = world.api.get(path, as_=world.ops).body["data"]
    assert sorted(note["text"] for note in listed) == ["已电话确认", "第二条"]


def test_notes_are_for_the_staff_alone_and_on_its_record(shopper: Shopper, world: World) -> None:
    order_id = placed(shopper)
    path = f"/v1/admin/orders/{order_id}/notes"
    for role, status in (("member", 403), ("finance", 403), ("agent", 200)):
        assert world.api.get(path, as_=token(ids.new_id("mbr"), role)).status == status
    made = world.api.post(path, {"text": "机密"}, as_=world.ops, key=new_key())
    asked = f"/v1/admin/audit?subject={order_id}"
    (act,) = world.api.get(asked, as_=token(ids.new_id("mbr"), "admin")).body["data"]
    assert (act["action"], act["after"]["note"]) == ("order.note", made.body["id"])
    assert "机密" not in str(act)


def test_an_order_that_nobody_placed_has_no_notes(world: World) -> None:
    path = "/v1/admin/orders/ord_none/notes"
    assert world.api.get(path, as_=world.ops).status == 404
    made = world.api.post(path, {"text": "x"}, as_=world.ops, key=new_key())
    assert made.status == 404
