"""Delivered orders, and returns of their units over the API."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import clock
from chalicelib.orders import events
from chalicelib.orders.actions import return_sweeps
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.queries.returns import get_return
from chalicelib.orders.rules import Order
from infra.local import schedules
from tests.api import Answer, new_key, token
from tests.world import World

AT = "2026-11-21T08:00:00Z"
TO = "上海市黄浦区南京东路 1 号，售后部收"
PARCEL = {"carrier": "SF", "tracking_number": "SF1000200030"}


class Returned:
    """A delivered order of three units of 100 points each, and acts on returns of it."""

    def __init__(self, world: World, quantity: int = 3, *, stock: int = 10, **goods: Any) -> None:
        self.world, self.api = world, world.api
        self.member = world.member(1000)
        self.sku = world.sku(points=100, stock=stock, **goods)
        world.address(self.member)
        placed = world.order(self.member, self.sku, quantity)
        assert placed.status == 201, placed.body
        self.order_id: str = placed.body["id"]
        for act in ("take", "approve", "ship", "deliver"):
            body = PARCEL if act == "ship" else None
            done = self.on_order(act, body)
            assert done.status == 200, done.body

    @property
    def ops(self) -> str:
        """A token that is good now, wherever a test has moved the clock."""
        return token("mbr_ops", "ops")

    @property
    def me(self) -> str:
        return token(self.member)

    def on_order(self, act: str, body: Any = None) -> Answer:
        path = f"/v1/admin/orders/{self.order_id}/{act}"
        return self.api.post(path, body, as_=self.ops, key=new_key())

    def ask(
        self,
        quantity: int = 1,
        kind: str = "return",
        *,
        as_: str | None = None,
        key: str | None = None,
        **other: Any,
    ) -> Answer:
        body = {
            "lines": [{"sku": self.sku, "quantity": quantity}],
            "reason": "杯盖漏水",
            "kind": kind,
            **other,
        }
        path = f"/v1/orders/{self.order_id}/returns"
        return self.api.post(path, body, as_=as_ or self.me, key=key or new_key())

    def asked(self, quantity: int = 1, kind: str = "return") -> str:
        """The id of a new return."""
        made = self.ask(quantity, kind)
        assert made.status == 201, made.body
        return_id: str = made.body["id"]
        return return_id

    def approved(self, quantity: int = 1, kind: str = "return") -> str:
        return_id = self.asked(quantity, kind)
        done = self.staff(return_id, "approve", {"instructions": TO})
        assert done.status == 200, done.body
        return return_id

    def sent(self, quantity: int = 1, kind: str = "return") -> str:
        return_id = self.approved(quantity, kind)
        done = self.own(return_id, "sent", PARCEL)
        assert done.status == 200, done.body
        return return_id

    def received(self, quantity: int = 1, kind: str = "exchange", came: int | None = None) -> str:
        return_id = self.sent(quantity, kind)
        done = self.staff(return_id, "receive", self.units(came) if came else {})
        assert done.status == 200, done.body
        return return_id

    def units(self, quantity: int) -> Any:
        return {"lines": [{"sku": self.sku, "quantity": quantity}]}

    def own(
        self,
        return_id: str,
        act: str,
        body: Any = None,
        *,
        as_: str | None = None,
        key: str | None = None,
    ) -> Answer:
        path = f"/v1/returns/{return_id}/{act}"
        return self.api.post(path, body, as_=as_ or self.me, key=key or new_key())

    def staff(
        self,
        return_id: str,
        act: str,
        body: Any = None,
        *,
        as_: str | None = None,
        key: str | None = None,
    ) -> Answer:
        path = f"/v1/admin/returns/{return_id}/{act}"
        return self.api.post(path, body or {}, as_=as_ or self.ops, key=key or new_key())

    def refund(self, body: Any = None) -> Answer:
        path = f"/v1/admin/orders/{self.order_id}/refunds"
        sent = {"reason": "破损", **(body or {})}
        return self.api.post(path, sent, as_=self.ops, key=new_key())

    def show(self, return_id: str) -> Any:
        shown = self.api.get(f"/v1/returns/{return_id}", as_=self.me)
        assert shown.status == 200, shown.body
        return shown.body

    def order(self) -> Order:
        return get_order(self.order_id)

    def state(self) -> tuple[Any, ...]:
        """All that a return can change: points, stock, the order and its returns."""
        order = self.order()
        returns = [get_return(mark.id) for mark in order.returns]
        return (self.world.available(self.member), self.world.stock(self.sku), order, *returns)

    def left(self) -> tuple[int, int, int]:
        """(points of the member, stock of the SKU, refunded units of the order)"""
        refunded = sum(line.refunded for line in self.order().lines)
        return self.world.available(self.member), self.world.stock(self.sku), refunded


def end_times(return_id: str) -> bool:
    """What the sweep does to this return now."""
    return return_sweeps.end_time(return_id, clock.to_ms(clock.now()))


def sweep() -> None:
    """Run the hourly sweep as its schedule does."""
    events.sweep_orders(schedules.event("sweep_orders", AT), None)
