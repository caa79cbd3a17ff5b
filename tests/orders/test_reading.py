"""Reading orders: one's own only, newest first, page by page."""

from __future__ import annotations

from chalicelib.orders.queries.orders import find_order
from tests.api import Api, new_key, token
from tests.orders.placed import place
from tests.world import World


def test_anothers_order_is_not_found(world: World) -> None:
    member, sku = world.member(300), world.sku()
    world.address(member)
    order = place(world, member, sku).body
    other = token(world.member())
    assert world.api.get(f"/v1/orders/{order['id']}", as_=other).status == 404
    cancel = world.api.post(f"/v1/orders/{order['id']}/cancel", as_=other, key=new_key())
    assert cancel.status == 404
    kept = find_order(order["id"])
    assert kept
    assert kept.status == "awaiting_review"


def test_an_order_needs_a_login(api: Api) -> None:
    assert api.post("/v1/orders", {"items": []}).status == 401


def test_my_orders_are_listed_newest_first_by_status_and_page(world: World) -> None:
    member, sku = world.member(300), world.sku(points=1)
    world.address(member)
    placed = [place(world, member, sku).body["id"] for _ in range(3)]
    world.api.post(f"/v1/orders/{placed[1]}/cancel", as_=token(member), key=new_key())
    first = world.api.get("/v1/me/orders?limit=2", as_=token(member)).body
    rest = world.api.get(
        f"/v1/me/orders?limit=2&cursor={first['next_cursor']}", as_=token(member)
    ).body
    assert [order["id"] for order in first["data"] + rest["data"]] == placed[::-1]
    cancelled = world.api.get("/v1/me/orders?status=cancelled", as_=token(member)).body
    assert [order["id"] for order in cancelled["data"]] == [placed[1]]
    stolen = world.api.get(
        f"/v1/me/orders?limit=2&cursor={first['next_cursor']}", as_=token(world.member())
    )
    assert (stolen.status, stolen.body["code"]) == (400, "invalid_cursor")
