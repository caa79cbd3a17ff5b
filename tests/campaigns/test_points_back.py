"""Points come back once an order completes; each return takes its share, none comes twice."""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib.campaigns.events import HEARD
from chalicelib.campaigns.facts import PurchaseChanged
from chalicelib.campaigns.queries import people
from chalicelib.campaigns.rules.purchases import COMPLETED, PAID, UNDONE, Purchase, Saved
from chalicelib.kernel import ids
from chalicelib.kernel.store.facts import Fact, handle
from tests.campaigns.buying import bought
from tests.campaigns.drafting import REDUCTION, live
from tests.campaigns.rewarding import balance
from tests.coupons.giving import given, template
from tests.earning.shop import register
from tests.world import World, new_phone


def told(purchase: Purchase) -> None:
    fact = Fact.of(ids.new_id("fct"), "2026-11-30T08:00:00Z", PurchaseChanged(purchase=purchase))
    handle(fact, HEARD)


def promising(member_id: str) -> Purchase:
    saved = Saved("cam_gone", 3, promised=81, back=81)
    return bought(member_id=member_id, campaigns=(saved,))


def with_back(purchase: Purchase, back: int, version: int, state: str = COMPLETED) -> Purchase:
    saved = replace(purchase.campaigns[0], back=back)
    return replace(purchase, campaigns=(saved,), version=version, state=state)


def test_points_come_when_the_order_completes_and_go_with_each_return(world: World) -> None:
    member = register(new_phone())
    paid = promising(member)
    told(paid)
    assert balance(member) == 0
    done = with_back(paid, 81, 4)
    for _ in range(2):
        told(done)
        assert balance(member) == 81
    told(with_back(paid, 40, 6))
    assert balance(member) == 40
    told(done)
    assert balance(member) == 40
    told(with_back(paid, 0, 7, UNDONE))
    assert balance(member) == 0


def test_a_first_order_brings_both_its_points_and_its_coupon(world: World) -> None:
    member, coupon = register(new_phone()), template(per_member=9)
    effect = {"first_order": {"points": 81, "coupon": coupon.id}}
    with live(world, {**REDUCTION, "kind": "first_order", "effect": effect}) as (campaign,):
        saved = Saved(campaign["id"], campaign["live"]["version"], promised=81, back=81)
        paid = bought(member_id=member, campaigns=(saved,))
        for _ in range(2):
            told(with_back(paid, 81, 4))
            assert (balance(member), given(coupon)) == (81, 1)


def test_an_order_that_never_completes_gives_nothing_back(world: World) -> None:
    member = register(new_phone())
    paid = promising(member)
    for purchase in (paid, with_back(paid, 0, 5, UNDONE)):
        told(purchase)
        assert balance(member) == 0


def test_a_return_that_is_told_before_the_completion_is_counted(world: World) -> None:
    member = register(new_phone())
    paid = promising(member)
    told(with_back(paid, 40, 3, PAID))
    told(with_back(paid, 40, 5))
    assert balance(member) == 40


def test_what_a_member_bought_is_known_by_month_and_less_what_went_back(world: World) -> None:
    member = register(new_phone())
    paid = bought(member_id=member)
    told(paid)
    told(paid)
    facts = people.facts_of(member)
    assert (facts.orders, next(iter(facts.bought.values())).cash) == (1, 1980)
    told(replace(paid, version=4, points=400, cash=990))
    assert next(iter(people.facts_of(member).bought.values())).points == 400
    told(replace(paid, version=5, state=UNDONE, points=0, cash=0))
    assert people.facts_of(member).orders == 0
