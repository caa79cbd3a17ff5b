"""The mall's own orders earn by rules that name the mall, and by no other."""

from __future__ import annotations

from typing import Any

from chalicelib.earning import events
from chalicelib.kernel import clock, ids
from tests.earning.ruling import in_force
from tests.earning.shop import account_of, entries_of
from tests.facts import made
from tests.world import World

OF_MALL = {"field": "event.source", "op": "=", "value": "mall"}


def tell(member: str, order_id: str, refunded: int = 0, **more: Any) -> None:
    data = {
        "member_id": member,
        "order_id": order_id,
        "paid_at": clock.rfc3339(clock.now()),
        "paid": 10_000,
        "refunded": refunded,
        **more,
    }
    events.note_order(made("x", "earning.order_money", "", data))


def points(member: str) -> int:
    return sum(account_of(member).lots.values())


def test_an_order_of_the_mall_earns_nothing_unless_a_rule_names_the_mall(world: World) -> None:
    member = world.member()
    with in_force(world, {"effect": {"fixed": 5}}):
        tell(member, ids.new_id("ord"))
    assert entries_of(member) == 0


def test_its_facts_count_once_in_any_order_and_refunds_take_back(world: World) -> None:
    first, second = world.member(), world.member()
    category = {"field": "item.category", "op": "=", "value": world.category}
    product = world.product()
    sku = product["skus"][0]["sku"]
    goods = {sku: f"{product['id']} 2 8000"}
    orders = [ids.new_id("ord") for _ in range(2)]
    with in_force(world, {"when": OF_MALL, "items": category}) as (rule,):
        for refunded in (0, 0, 5_000, 5_000):
            tell(first, orders[0], refunded, goods=goods)
        for refunded in (5_000, 0, 5_000):
            tell(second, orders[1], refunded, goods=goods)
        assert (points(first), points(second)) == (40, 40)
        for member, order in zip((first, second), orders, strict=True):
            tell(member, order, 10_000, goods=goods)
        assert (points(first), points(second)) == (0, 0)
        assert rule["status"] == "published"
