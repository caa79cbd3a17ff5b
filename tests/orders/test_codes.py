"""Virtual goods: each order gets its codes after it is placed, each code goes out once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalicelib.kernel.store.facts import Fact
from chalicelib.orders import events
from tests.api import new_key
from tests.orders.codes import codes_of, completed
from tests.world import World


def test_codes_follow_the_order_and_a_repeated_message_gives_the_same(world: World) -> None:
    member, sku = world.member(500), world.sku(kind="virtual", stock=5)
    order_id, fact = completed(world, member, sku, 2)
    events.fulfil(fact)
    given = codes_of(world, member, order_id)
    assert len(set(given)) == 2
    events.fulfil(fact)
    assert codes_of(world, member, order_id) == given
    pool = world.api.get(f"/v1/admin/code-pools/{sku}", as_=world.ops).body
    assert (pool["free"], pool["issued"]) == (3, 2)


def test_the_staff_cannot_see_codes(world: World) -> None:
    member, sku = world.member(500), world.sku(kind="virtual", stock=1)
    order_id, fact = completed(world, member, sku)
    events.fulfil(fact)
    shown = world.api.get(f"/v1/admin/orders/{order_id}", as_=world.ops).body
    assert shown["lines"][0]["codes"] == []


def test_concurrent_orders_never_get_the_same_code(world: World) -> None:
    sku = world.sku(kind="virtual", stock=24)
    orders: list[tuple[str, str, Fact]] = []
    for _ in range(12):
        member = world.member(500)
        orders.append((member, *completed(world, member, sku, 2)))

    def deliver(order: Any) -> None:
        events.fulfil(order[2])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(deliver, orders * 2))
    given = [code for member, order_id, _ in orders for code in codes_of(world, member, order_id)]
    assert len(given) == len(set(given)) == 24


def test_an_order_has_at_most_the_codes_of_one_transaction(world: World) -> None:
    member, sku = world.member(10_000), world.sku(kind="virtual", stock=41)
    refused = world.order(member, sku, 41)
    assert (refused.status, refused.body["code"]) == (409, "limit_reached")
    order_id, fact = completed(world, member, sku, 40)
    events.fulfil(fact)
    assert len(set(codes_of(world, member, order_id))) == 40


def test_an_order_from_an_empty_pool_is_refused(world: World) -> None:
    sku = world.sku(kind="virtual", stock=1)
    first, second = world.member(500), world.member(500)
    completed(world, first, sku)
    answer = world.order(second, sku)
    assert (answer.status, answer.body["code"]) == (409, "out_of_stock")
    assert world.available(second) == 500
    world.codes(sku, [new_key()])
    assert world.order(second, sku).status == 201
