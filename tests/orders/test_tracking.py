"""Carriers' events: recorded once, in any order; an order is delivered when its parcels are."""

from __future__ import annotations

import threading
from itertools import permutations
from typing import Any

import pytest

from tests.api import Answer, new_key, token
from tests.orders.placed import Placed, to_approved
from tests.world import World

AT = {
    "picked_up": "2026-11-22T01:00:00Z",
    "in_transit": "2026-11-22T05:00:00Z",
    "delivered": "2026-11-23T03:00:00Z",
    "returned": "2026-11-25T03:00:00Z",
}


class Shipped(Placed):
    """An order of two units and what carriers tell of its parcels."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        to_approved(self)
        self.numbers = [f"SF{new_key()}".upper() for _ in range(2)]

    def ship(self, number: str, quantity: int) -> Answer:
        lines = [{"sku": self.sku, "quantity": quantity}]
        body = {"carrier": "SF", "tracking_number": number, "lines": lines}
        answer = self.staff("ship", body)
        assert answer.status == 200, answer.body
        return answer

    def tell(self, number: str, kind: str, **other: Any) -> Answer:
        body = {"id": f"{number}-{kind}", "type": kind, "occurred_at": AT[kind], **other}
        path = f"/v1/partner/parcels/{number}"
        return self.world.partner("POST", path, body, partner="shop-1")

    def parcels(self) -> Any:
        shown = self.world.api.get(f"/v1/orders/{self.id}", as_=token(self.member)).body
        return shown["parcels"]


@pytest.fixture
def order(world: World) -> Shipped:
    return Shipped(world)


def test_a_delivered_parcel_delivers_its_order(order: Shipped) -> None:
    number = order.numbers[0]
    order.ship(number, 2)
    for kind in ("picked_up", "in_transit"):
        told = order.tell(number, kind, place="上海")
        assert (told.status, told.body["status"]) == (200, "applied")
        assert order.status() == "shipped"
    assert order.tell(number, "delivered").body["status"] == "applied"
    assert order.status() == "delivered"
    (parcel,) = order.parcels()
    assert [each["type"] for each in parcel["events"]] == ["picked_up", "in_transit", "delivered"]
    assert parcel["events"][0]["place"] == "上海"


def test_an_order_is_delivered_when_all_its_parcels_are(order: Shipped) -> None:
    first, second = order.numbers
    order.ship(first, 1)
    assert order.tell(first, "delivered").status == 200
    assert order.status() == "approved"
    order.ship(second, 1)
    assert order.status() == "shipped"
    assert order.tell(second, "delivered").status == 200
    assert order.status() == "delivered"


def test_an_event_may_come_before_the_parcel_is_recorded(order: Shipped) -> None:
    number = order.numbers[0]
    told = order.tell(number, "delivered")
    assert told.body["status"] == "unmatched"
    order.ship(number, 2)
    assert order.status() == "delivered"


def test_a_repeated_event_changes_nothing_and_another_under_its_id_is_refused(
    order: Shipped,
) -> None:
    number = order.numbers[0]
    order.ship(number, 2)
    assert order.tell(number, "in_transit").body["status"] == "applied"
    assert order.tell(number, "in_transit").body["status"] == "duplicate"
    other = order.tell(number, "in_transit", place="北京")
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert len(order.parcels()[0]["events"]) == 1


@pytest.mark.parametrize("kinds", list(permutations(("in_transit", "delivered", "returned"))))
def test_events_settle_alike_in_any_order(order: Shipped, kinds: tuple[str, ...]) -> None:
    number = order.numbers[0]
    order.ship(number, 2)
    for kind in (*kinds, *kinds):
        order.tell(number, kind)
    assert order.status() == "delivered"
    types = [each["type"] for each in order.parcels()[0]["events"]]
    assert types == ["in_transit", "delivered", "returned"]


def test_two_parcels_that_come_at_once_deliver_their_order(order: Shipped) -> None:
    for number in order.numbers:
        order.ship(number, 1)
    threads = [
        threading.Thread(target=order.tell, args=(number, "delivered")) for number in order.numbers
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert order.status() == "delivered"


def test_events_are_signed_and_well_formed(order: Shipped) -> None:
    number = order.numbers[0]
    order.ship(number, 2)
    path, body = f"/v1/partner/parcels/{number}", {"id": "1", "type": "delivered"}
    whole = {**body, "occurred_at": AT["delivered"]}
    unsigned = order.world.api.post(path, whole, headers={"Jifen-Key": "shop-1"})
    assert unsigned.status == 401
    for wrong in (body, {**whole, "type": "lost"}, {**whole, "weight": 1}):
        assert order.world.partner("POST", path, wrong).status == 400
    for never in ("2999-01-01T00:00:00Z", "1970-01-01T00:00:00Z"):
        refused = order.world.partner("POST", path, {**whole, "occurred_at": never})
        assert (refused.status, refused.body["errors"][0]["field"]) == (400, "occurred_at")
    nowhere = order.world.partner("POST", "/v1/partner/parcels/---", whole)
    assert nowhere.status == 400
    assert order.status() == "shipped"
    assert order.parcels()[0]["events"] == []
