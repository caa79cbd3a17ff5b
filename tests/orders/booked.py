"""Services that are booked by slots, goods that are fetched at a store, and their vouchers."""

from __future__ import annotations

from typing import Any

from chalicelib.orders import events
from chalicelib.orders.queries.orders import find_order
from tests.api import Answer, new_key, token
from tests.catalog.stores import new_slot, new_store, ops
from tests.world import World


def sweep() -> None:
    """Run the sweep of orders as its schedule does."""
    names = ("version", "account", "region", "detail", "detail-type", "source", "time", "id")
    event: Any = {**dict.fromkeys(names, ""), "resources": []}
    events.sweep_orders(event, None)


class Service:
    """A service of 100 points at a store, with slots of two seats."""

    def __init__(self, world: World, *, stock: int = 50, **goods: Any) -> None:
        self.world = world
        self.store = new_store(world)["id"]
        product = world.product(kind="service", stock=stock, **goods)
        self.product, self.sku = product["id"], product["skus"][0]["sku"]

    def slot(self, **other: Any) -> str:
        made = new_slot(self.world, self.product, **{"store_id": self.store, **other})
        slot_id: str = made["id"]
        return slot_id

    def book(
        self, slot_id: str, member: str | None = None, quantity: int = 1, **other: Any
    ) -> Answer:
        member = member or self.world.member(1000)
        key = other.pop("key", None) or new_key()
        body = {
            "items": [{"sku": self.sku, "quantity": quantity}],
            "booking": {"slot_id": slot_id},
            **other,
        }
        return self.world.api.post("/v1/orders", body, as_=token(member), key=key)


class Booked:
    """An order of a service or of goods to fetch, with what its member and the staff do."""

    def __init__(self, world: World, member: str, order_id: str) -> None:
        self.world, self.member, self.id = world, member, order_id

    @classmethod
    def of(cls, service: Service, slot_id: str, quantity: int = 1) -> Booked:
        member = service.world.member(1000)
        answer = service.book(slot_id, member, quantity)
        assert answer.status == 201, answer.body
        return cls(service.world, member, answer.body["id"])

    @classmethod
    def to_fetch(cls, world: World, store: str, *skus: str, approved: bool = True) -> Booked:
        member = world.member(1000)
        items = [{"sku": sku, "quantity": 1} for sku in skus]
        body = {"items": items, "pickup_store_id": store}
        answer = world.api.post("/v1/orders", body, as_=token(member), key=new_key())
        assert answer.status == 201, answer.body
        made = cls(world, member, answer.body["id"])
        if approved:
            for act in ("take", "approve"):
                assert made.staff(act).status == 200
        return made

    def show(self) -> Any:
        return self.world.api.get(f"/v1/orders/{self.id}", as_=token(self.member)).body

    def staff(self, act: str, body: Any = None, key: str | None = None) -> Answer:
        path = f"/v1/admin/orders/{self.id}/{act}"
        return self.world.api.post(path, body, as_=ops(), key=key or new_key())

    def reschedule(self, body: Any, key: str | None = None) -> Answer:
        path = f"/v1/orders/{self.id}/reschedule"
        return self.world.api.post(path, body, as_=token(self.member), key=key or new_key())

    def vouchers(self) -> list[Any]:
        found = self.world.api.get(f"/v1/orders/{self.id}/vouchers", as_=token(self.member))
        assert found.status == 200, found.body
        data: list[Any] = found.body
        return data

    def code(self) -> str:
        code: str = self.vouchers()[0]["code"]
        return code

    def states(self) -> list[str]:
        return [each["status"] for each in self.vouchers()]

    def left(self) -> int:
        return self.world.available(self.member)

    def stands(self) -> Any:
        """The state that a refusal must not change."""
        return find_order(self.id), self.vouchers(), self.left()


def use(
    world: World, code: str, store: str, *, as_: str | None = None, key: str | None = None
) -> Answer:
    path = f"/v1/admin/vouchers/{code}/use"
    return world.api.post(path, {"store_id": store}, as_=as_ or ops(), key=key)
