"""Orders that were placed over the API, and the acts on them."""

from __future__ import annotations

from typing import Any

from chalicelib.orders.queries.orders import find_order
from tests.api import Answer, new_key, token
from tests.world import World


class Placed:
    """A placed order, and calls on it by its member and by the staff."""

    def __init__(self, world: World, **goods: Any) -> None:
        self.world = world
        self.member = world.member(1000)
        self.sku = world.sku(points=100, **goods)
        if goods.get("kind", "physical") == "physical":
            world.address(self.member)
        booking = {"booking": {"at": "2099-01-01T00:00:00Z"}} if goods.get("kind") else {}
        answer = world.order(self.member, self.sku, 2, **booking)
        assert answer.status == 201, answer.body
        self.id: str = answer.body["id"]

    def staff(
        self, act: str, body: Any = None, *, as_: str | None = None, key: str | None = None
    ) -> Answer:
        path = f"/v1/admin/orders/{self.id}/{act}"
        return self.world.api.post(path, body, as_=as_ or self.world.ops, key=key or new_key())

    def own(self, act: str, key: str | None = None) -> Answer:
        path = f"/v1/orders/{self.id}/{act}"
        return self.world.api.post(path, as_=token(self.member), key=key or new_key())

    def status(self) -> str:
        order = find_order(self.id)
        assert order
        return order.status

    def left(self) -> tuple[int, int]:
        """(points of the member, stock of the SKU)"""
        return self.world.available(self.member), self.world.stock(self.sku)


def to_review(order: Placed) -> None:
    assert order.staff("take").status == 200


def to_approved(order: Placed) -> None:
    to_review(order)
    assert order.staff("approve").status == 200


def place(world: World, member: str, sku: str, *, key: str | None = None, **body: Any) -> Any:
    wanted = {"items": [{"sku": sku, "quantity": 1}], **body}
    return world.api.post("/v1/orders", wanted, as_=token(member), key=key or new_key())
