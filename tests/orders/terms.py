"""Members and goods for tests of rare terms, and refusals of their orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.kernel import clock
from tests.api import Answer, token
from tests.orders.placed import place
from tests.world import World


def member_of(world: World, points: int = 1000) -> str:
    member = world.member(points)
    world.address(member)
    return member


def timed(points: int, begins: int = -1, ends: int = 1) -> dict[str, Any]:
    """A price for some hours around now."""
    now = clock.now()
    hours = [clock.rfc3339(now + timedelta(hours=each)) for each in (begins, ends)]
    return {"points": points, "from": hours[0], "until": hours[1]}


def quote(world: World, member: str, sku: str) -> Answer:
    body = {"items": [{"sku": sku, "quantity": 1}]}
    return world.api.post("/v1/orders/quote", body, as_=token(member))


def refused(world: World, member: str, sku: str, code: str, **body: Any) -> Any:
    before = world.available(member), world.stock(sku)
    answer = place(world, member, sku, **body)
    assert (answer.status, answer.body["code"]) == (409, code), answer.body
    assert (world.available(member), world.stock(sku)) == before
    return answer.body
