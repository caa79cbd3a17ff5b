"""200 orders at once against a budget of 100, a coupon twice at once, and what dies meanwhile."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError
from chalicelib.orders import rules
from chalicelib.orders.actions import acts, placing, sync
from chalicelib.orders.rules import Order, OrderAct
from chalicelib.orders.rules.quoting import Request, Wanted
from tests.campaigns.drafting import live
from tests.coupons.giving import a_coupon
from tests.orders.discounted import CASH, POINTS_OFF, left_of, reduction, status_of
from tests.world import World


def placed(request: Request) -> Order | str:
    """An order of virtual goods, or the code of its refusal."""
    try:
        order, _ = placing.place_order(request, ids.new_id("ord"), b"c", clock.now())
    except JifenError as refusal:
        return refusal.code
    return order


def at_once(requests: list[Request]) -> list[Order | str]:
    with ThreadPoolExecutor(24) as pool:
        return list(pool.map(placed, requests))


def cancel(order: Order) -> None:
    now_ms = clock.to_ms(clock.now())
    acts.act_on(order.id, OrderAct("cancel", "member", None, now_ms))


def test_200_orders_at_once_take_a_budget_of_100_exactly_and_none_is_stranded(
    world: World,
) -> None:
    sku = world.sku(points=1000, stock=300, kind="service")
    draft = reduction(sku, budget={"takers": 100})
    at = clock.to_ms(clock.now() + timedelta(days=3))
    requests = [
        Request(world.member(1000), [Wanted(sku, 1)], booking=rules.Booking(at), points=800)
        for _ in range(200)
    ]
    with live(world, draft) as [campaign]:
        found = at_once(requests)
        orders = [each for each in found if isinstance(each, Order)]
        refused = Counter(each for each in found if isinstance(each, str))
        # Points are offered for the lower price alone: without the campaign they are too few.
        assert len(orders) == 100, refused
        assert {(each.points, each.discounted) for each in orders} == {(800, True)}
        assert set(refused) <= {"invalid_request", "unavailable"}
        assert left_of(campaign) == {"takers": 0}


def test_budget_comes_back_whole_when_orders_die_at_once(world: World) -> None:
    sku = world.sku(price=CASH, stock=100, kind="virtual")
    with live(world, reduction(sku, budget={"takers": 1000, "points": 100_000})) as [campaign]:
        requests = [Request(world.member(800), [Wanted(sku, 1)], points=400) for _ in range(20)]
        orders = [each for each in at_once(requests) if isinstance(each, Order)]
        assert {each.status for each in orders} == {"awaiting_payment"}
        assert left_of(campaign)["takers"] == 1000 - len(orders)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(cancel, orders))
        assert left_of(campaign) == {"takers": 1000, "points": 100_000}


def test_a_coupon_is_in_one_order_alone_and_an_unpaid_one_gives_it_back_in_time(
    world: World, time: Any
) -> None:
    sku, member_id = world.sku(price=CASH, kind="virtual"), world.member(10_000)
    coupon = a_coupon(member_id, POINTS_OFF)
    request = Request(member_id, [Wanted(sku, 1)], points=100, coupon_id=coupon.id)
    found = at_once([request] * 4)
    (order,) = [each for each in found if isinstance(each, Order)]
    assert {each for each in found if isinstance(each, str)} == {"coupon_reserved"}
    assert status_of(coupon.id) == "reserved"
    time.advance(minutes=31)
    assert sync.cancel_overdue(order.id, clock.now())
    assert status_of(coupon.id) == "available"
    seen = find_coupon(coupon.id)
    assert seen is not None
    assert seen.holder is None
