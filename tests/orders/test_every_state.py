"""Every state of an order, whatever the way of its goods, and every call about it: those that its
state does not allow are refused by their code and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.kernel import clock
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import Step
from chalicelib.orders.tables import ORDER, OrderItem
from tests.api import Answer, new_key, token
from tests.catalog.stores import new_slot, new_store
from tests.world import World

PHYSICAL, PICKUP, VIRTUAL, SERVICE = "physical", "pickup", "virtual", "service"
PRICE = {"points": 10, "cash": {"amount": 500, "currency": "CNY"}}
AT = "2099-01-01T00:00:00Z"


class Placed:
    """An order of one unit that is put into a state, and the calls about it."""

    def __init__(self, world: World, way: str, status: str) -> None:
        self.world, self.member = world, world.member(1000)
        self.me = token(self.member)
        kind = PHYSICAL if way == PICKUP else way
        product = world.product(kind=kind, price=PRICE)
        self.sku, self.wish = product["skus"][0]["sku"], {"at": AT}
        body: dict[str, Any] = {}
        if way == PHYSICAL:
            world.address(self.member)
        elif way == PICKUP:
            body = {"pickup_store_id": new_store(world)["id"]}
        elif way == SERVICE:
            slot = new_slot(world, product["id"])["id"]
            self.wish = {"slot_id": slot}
            body = {"booking": self.wish}
        placed = world.order(self.member, self.sku, **body)
        assert placed.status == 201, placed.body
        self.id = placed.body["id"]
        self._put(status)

    def _put(self, status: str) -> None:
        order = get_order(self.id)
        step = Step(status, clock.to_ms(clock.now()), "staff")
        OrderItem.of(replace(order, status=status, steps=(*order.steps, step), version=2)).save()

    def stands(self) -> Any:
        item = OrderItem.find(self.id, ORDER)
        assert item is not None
        return item.serialize()

    def post(self, path: str, body: Any = None, *, as_: str | None = None) -> Answer:
        return self.world.api.post(f"/v1/{path}", body, as_=as_ or self.me, key=new_key())

    def member_call(self, call: str, body: Any = None) -> Answer:
        return self.post(f"orders/{self.id}/{call}", body)

    def staff_call(self, call: str, body: Any = None) -> Answer:
        return self.post(f"admin/orders/{self.id}/{call}", body, as_=self.world.ops)

    def ask(self, kind: str) -> Answer:
        lines = [{"sku": self.sku, "quantity": 1}]
        return self.member_call("returns", {"lines": lines, "reason": "漏水", "kind": kind})


PARCEL = {"carrier": "SF", "tracking_number": "SF123456789"}
CALLS: dict[str, Callable[[Placed], Answer]] = {
    "pay": lambda one: one.member_call("payment", {}),
    "cancel": lambda one: one.member_call("cancel"),
    "confirm": lambda one: one.member_call("confirm-receipt"),
    "return": lambda one: one.ask("return"),
    "exchange": lambda one: one.ask("exchange"),
    "refund_only": lambda one: one.ask("refund_only"),
    "review": lambda one: one.member_call("reviews", {"sku": one.sku, "rating": 5, "text": "好"}),
    "reschedule": lambda one: one.member_call("reschedule", one.wish),
    "take": lambda one: one.staff_call("take"),
    "approve": lambda one: one.staff_call("approve"),
    "reject": lambda one: one.staff_call("reject", {"reason": "地址不清"}),
    "ship": lambda one: one.staff_call("ship", PARCEL),
    "deliver": lambda one: one.staff_call("deliver"),
    "use": lambda one: one.staff_call("use"),
    "no-show": lambda one: one.staff_call("no-show"),
    "move": lambda one: one.staff_call("reschedule", one.wish),
    "refund": lambda one: one.staff_call("refunds", {"reason": "漏水"}),
    "uncollected": lambda one: one.staff_call("uncollected", {"reason": "拒收"}),
    "note": lambda one: one.staff_call("notes", {"text": "易碎"}),
}
# (way, state) -> the calls that it allows, besides notes of the staff.
OPEN = {
    (PHYSICAL, "awaiting_payment"): "pay cancel",
    (PHYSICAL, "awaiting_review"): "cancel take",
    (PHYSICAL, "in_review"): "approve reject",
    (PHYSICAL, "approved"): "ship refund refund_only",
    (PHYSICAL, "rejected"): "",
    (PHYSICAL, "shipped"): "deliver confirm refund refund_only",
    (PHYSICAL, "delivered"): "confirm return exchange refund refund_only",
    (PHYSICAL, "completed"): "return exchange refund refund_only review",
    (PHYSICAL, "cancelled"): "",
    (PICKUP, "awaiting_payment"): "pay cancel",
    (PICKUP, "awaiting_review"): "cancel take",
    (PICKUP, "in_review"): "approve reject",
    (PICKUP, "approved"): "use refund refund_only",
    (PICKUP, "rejected"): "",
    (PICKUP, "completed"): "return exchange refund refund_only review",
    (PICKUP, "cancelled"): "",
    (SERVICE, "awaiting_payment"): "pay cancel",
    (SERVICE, "approved"): "use refund refund_only",
    (SERVICE, "completed"): "refund refund_only review",
    (SERVICE, "cancelled"): "",
    (VIRTUAL, "awaiting_payment"): "pay cancel",
    (VIRTUAL, "completed"): "refund refund_only review",
    (VIRTUAL, "cancelled"): "",
}
# The refusals with a code of their own: the booking stands still, and waits for its time.
CODES = {
    (SERVICE, "approved", "reschedule"): "slot_booked_already",
    (SERVICE, "approved", "move"): "slot_booked_already",
    (SERVICE, "approved", "no-show"): "booking_not_over",
    (SERVICE, "completed", "return"): "not_returnable",
    (SERVICE, "completed", "exchange"): "not_returnable",
    (VIRTUAL, "completed", "return"): "not_returnable",
    (VIRTUAL, "completed", "exchange"): "not_returnable",
}


@pytest.mark.parametrize(("way", "status"), OPEN)
def test_a_state_refuses_each_call_that_it_does_not_allow(
    world: World, way: str, status: str
) -> None:
    one = Placed(world, way, status)
    before = one.stands()
    for name, call in CALLS.items():
        if name in OPEN[way, status].split() or name == "note":
            continue
        refused = call(one)
        code = CODES.get((way, status, name), "not_allowed_in_this_state")
        assert (refused.status, refused.body["code"]) == (409, code), name
        assert refused.body.get("current_status", status) == status, name
        assert one.stands() == before, name
    assert CALLS["note"](one).status == 201
    assert one.stands() == before


@pytest.mark.parametrize(("way", "status"), [each for each in OPEN if OPEN[each]])
def test_a_state_takes_each_call_that_it_allows(world: World, way: str, status: str) -> None:
    for name in OPEN[way, status].split():
        if name != "pay":  # That asks the provider: test_paying.py.
            one = Placed(world, way, status)
            assert CALLS[name](one).status in (200, 201), name
