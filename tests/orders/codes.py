"""Orders of virtual goods, and the codes that their members see."""

from __future__ import annotations

from chalicelib.kernel.store.facts import Fact
from tests.api import token
from tests.facts import made, order_data
from tests.world import World


def completed(world: World, member: str, sku: str, quantity: int = 1) -> tuple[str, Fact]:
    """A placed order of virtual goods, and the fact that its relay publishes."""
    answer = world.order(member, sku, quantity)
    assert (answer.status, answer.body["status"]) == (201, "completed"), answer.body
    assert answer.body["lines"][0]["codes"] == []
    order_id = answer.body["id"]
    data = order_data(order_id=order_id, kind="virtual", member_id=member)
    return order_id, made(f"order.completed:{order_id}", "order.completed", "", data)


def codes_of(world: World, member: str, order_id: str) -> list[str]:
    shown = world.api.get(f"/v1/orders/{order_id}", as_=token(member)).body
    codes: list[str] = shown["lines"][0]["codes"]
    return codes
