"""Orders of goods with prices and limits of a time or a tier, and of goods for some tiers alone."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import tiers
from chalicelib.kernel import clock
from tests.orders.placed import Placed, place
from tests.orders.terms import member_of, quote, refused, timed
from tests.world import World


@pytest.fixture
def gold(monkeypatch: pytest.MonkeyPatch) -> str:
    """Everybody is of this tier."""
    monkeypatch.setattr(tiers, "want_tier", lambda *_: lambda: "gold")
    return "gold"


def test_a_price_for_a_time_is_the_price_of_an_order(world: World) -> None:
    member, sku = member_of(world), world.sku(points=100, timed_prices=[timed(60)])
    assert quote(world, member, sku).body["points"] == 60
    assert place(world, member, sku).body["points"] == 60
    assert world.available(member) == 940


def test_a_price_that_has_not_begun_is_not_the_price_of_an_order(world: World) -> None:
    member, sku = member_of(world), world.sku(points=100, timed_prices=[timed(60, 1, 2)])
    assert place(world, member, sku).body["points"] == 100


def test_an_order_at_a_price_whose_time_is_over_is_refused(world: World) -> None:
    member, sku = member_of(world), world.sku(points=100, timed_prices=[timed(60, -2, -1)])
    refused(world, member, sku, "price_changed", expected={"points": 60})


def test_a_price_that_ops_take_away_is_not_paid_any_more(world: World) -> None:
    product = world.product(points=100, timed_prices=[timed(60)])
    member, sku = member_of(world), product["skus"][0]["sku"]
    assert quote(world, member, sku).body["points"] == 60
    path, headers = f"/v1/admin/products/{product['id']}", {"If-Match": "1"}
    changed = world.api.patch(path, {"timed_prices": []}, as_=world.ops, headers=headers)
    assert changed.status == 200, changed.body
    refused(world, member, sku, "price_changed", expected={"points": 60})
    assert place(world, member, sku, expected={"points": 100}).status == 201


def test_a_tier_pays_its_points(world: World, gold: str) -> None:
    sku = world.sku(price={"points": 100, "tier_points": {gold: 80}})
    member = member_of(world)
    assert place(world, member, sku).body["points"] == 80
    assert world.available(member) == 920


def test_other_tiers_pay_the_usual_points(world: World) -> None:
    sku = world.sku(price={"points": 100, "tier_points": {"gold": 80}})
    assert place(world, member_of(world), sku).body["points"] == 100


def test_goods_for_other_tiers_are_refused(world: World) -> None:
    member, sku = member_of(world), world.sku(points=1, tiers=["gold"])
    assert quote(world, member, sku).body["code"] == "tier_required"
    body = refused(world, member, sku, "tier_required")
    assert (body["sku"], body["tiers"]) == (sku, ["gold"])


def test_goods_for_a_tier_are_had_by_its_members(world: World, gold: str) -> None:
    assert place(world, member_of(world), world.sku(points=1, tiers=[gold])).status == 201


def test_a_limit_of_a_day_counts_again_the_next_day(world: World, time: Any) -> None:
    member = member_of(world)
    sku = world.sku(points=1, limits={"per_member_day": 1, "per_member_month": 30})
    time.advance_to_noon()
    assert place(world, member, sku).status == 201
    body = refused(world, member, sku, "limit_reached")
    assert body["limit"] == 1
    assert quote(world, member, sku).body["code"] == "limit_reached"
    time.advance(days=1)
    assert place(world, member, sku).status == 201


def test_a_limit_of_a_month_holds_over_its_days(world: World, time: Any) -> None:
    member, sku = member_of(world), world.sku(points=1, limits={"per_member_month": 1})
    time.advance_to_noon()
    while clock.program_day(clock.now()).day > 20:
        time.advance(days=1)
    assert place(world, member, sku).status == 201
    time.advance(days=1)
    refused(world, member, sku, "limit_reached")
    time.advance(days=31)
    assert place(world, member, sku).status == 201


def test_a_tier_has_its_own_limits(world: World, gold: str) -> None:
    own = {gold: {"per_member": 2}}
    member = member_of(world)
    sku = world.sku(points=1, limits={"per_member": 1, "tiers": own})
    assert [place(world, member, sku).status for _ in range(3)] == [201, 201, 409]


def test_a_cancelled_order_is_not_counted_in_its_day(world: World) -> None:
    order = Placed(world, limits={"per_member_day": 2, "per_member_month": 2})
    refused(world, order.member, order.sku, "limit_reached")
    assert order.own("cancel").status == 200
    assert place(world, order.member, order.sku).status == 201
