"""What a tier gives in orders: freight, goods and prices before others, categories of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import tiers
from chalicelib.kernel import clock
from chalicelib.kernel.store.facts import handle
from chalicelib.orders.events import facts_of
from chalicelib.orders.queries.orders import find_order
from chalicelib.orders.rules import Order
from chalicelib.tiers import queries
from chalicelib.tiers.events import HEARD
from chalicelib.tiers.rules.ladder import Benefits
from chalicelib.tiers.rules.standing import Standing
from chalicelib.tiers.tables import StandingItem
from tests.api import new_key
from tests.faults.wire import listed
from tests.orders.carts import NEAR, Shopper, carried, template
from tests.orders.cashier import Cashier
from tests.orders.placed import place
from tests.orders.streamed import change
from tests.orders.terms import member_of, quote, refused, timed
from tests.tiers.rules.ladders import ladder
from tests.world import World

Gives = Callable[..., None]


@pytest.fixture
def gold(monkeypatch: pytest.MonkeyPatch) -> Gives:
    """Everybody is of a tier that gives these benefits."""

    def gives(**benefits: Any) -> None:
        made = ladder(Benefits(**benefits))
        monkeypatch.setattr(queries, "ladder", lambda: made)
        monkeypatch.setattr(tiers, "want_tier", lambda *_: lambda: "gold")

    return gives


def starts_in(hours: int) -> str:
    return clock.rfc3339(clock.now() + timedelta(hours=hours))


def test_a_tier_with_free_freight_pays_none_in_quote_and_order(world: World, gold: Gives) -> None:
    shopper, sku = Shopper(world), carried(world, template(world), points=100)
    usual = shopper.quote({sku: 1}).body["freight"]["amount"]
    gold(free_freight=True)
    assert usual > 0
    quoted = shopper.quote({sku: 1}).body
    assert (quoted["freight"]["amount"], quoted["cash"]["amount"]) == (0, 0)
    order = shopper.order({sku: 1}, expected={"points": 100}).body
    assert (order["status"], order["freight"]["amount"]) == ("awaiting_review", 0)


def test_free_freight_makes_no_place_reachable(world: World, gold: Gives) -> None:
    gold(free_freight=True)
    far = template(world, {**NEAR, "provinces": ["浙江省"]})
    answer = Shopper(world).order({carried(world, far, points=100): 1})
    assert answer.body["code"] == "not_delivered_there"


def test_a_tier_has_goods_some_hours_before_others(world: World, gold: Gives) -> None:
    sku = world.sku(points=1, on_sale_from=starts_in(20))
    refused(world, member_of(world), sku, "not_on_sale")
    gold(early_access_hours=24)
    member = member_of(world)
    assert quote(world, member, sku).status == 200
    assert place(world, member, sku).status == 201
    refused(world, member, world.sku(points=1, on_sale_from=starts_in(30)), "not_on_sale")


def test_a_tier_has_a_price_for_a_time_some_hours_before_others(world: World, gold: Gives) -> None:
    sku = world.sku(points=100, timed_prices=[timed(60, 20, 30)])
    assert quote(world, member_of(world), sku).body["points"] == 100
    gold(early_access_hours=24)
    member = member_of(world)
    assert quote(world, member, sku).body["points"] == 60
    assert place(world, member, sku, expected={"points": 60}).status == 201


def test_goods_of_a_tiers_own_category_are_for_it_alone(
    world: World, gold: Gives, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku = world.sku(points=1)
    gold(categories=[world.category])
    assert place(world, member_of(world), sku).status == 201
    monkeypatch.setattr(tiers, "want_tier", lambda *_: lambda: "silver")
    member = member_of(world)
    assert quote(world, member, sku).body["code"] == "tier_required"
    assert refused(world, member, sku, "tier_required")["tiers"] == ["gold"]


def test_a_tier_is_read_where_goods_differ_by_it_and_for_no_others(world: World) -> None:
    member = member_of(world)
    StandingItem.of(Standing(member_id=member, tier="gold"), None).save()
    plain = world.sku(points=100)
    theirs = world.sku(price={"points": 100, "tier_points": {"gold": 80}})
    queries.ladder()  # A process remembers it for a minute.
    for sku, points, reads in ((plain, 100, 0), (theirs, 80, 1)):
        with listed() as requests:
            assert place(world, member, sku).body["points"] == points
        assert sum("tiers" in each.tables for each in requests) == reads


@pytest.mark.usefixtures("gold")
def test_cash_that_is_paid_lifts_a_tier_and_what_goes_back_lowers_it(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "ladder", ladder)
    order = cashier.service()
    unpaid = stored(order["id"])
    cashier.pay(order["id"])
    paid = stored(order["id"])
    told(unpaid, paid)
    assert paid.cash >= 500
    assert queries.tier_of(paid.member_id) == ladder().earned({"spend": paid.cash})
    answer = cashier.world.api.post(
        f"/v1/admin/orders/{paid.id}/refunds",
        {"reason": "退款"},
        as_=cashier.world.ops,
        key=new_key(),
    )
    assert answer.status == 201, answer.body
    told(paid, stored(paid.id))
    standing = queries.find_standing(paid.member_id)
    assert (standing.tier, [tuple(each)[:2] for each in standing.months.values()]) == (
        "normal",
        [(0, 0)],
    )


def stored(order_id: str) -> Order:
    found = find_order(order_id)
    assert found is not None
    return found


def told(before: Order, after: Order) -> None:
    """Tell the queue of tiers what the relay tells of a change."""
    for fact in facts_of(change(before, after)):
        if type(fact.data) in HEARD:
            handle(fact, HEARD)
