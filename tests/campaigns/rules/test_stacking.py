"""What excludes what, for whom, and within which limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.campaigns.rules.audiences import Buyer, held_out, is_in
from chalicelib.campaigns.rules.definitions import Audience
from chalicelib.campaigns.rules.eligibility import Left
from chalicelib.campaigns.rules.pricing import Priced, steps_elsewhere
from chalicelib.campaigns.rules.sets import compile_campaigns
from tests.campaigns.rules.carts import AT, BUYER, campaign, coupon, line, priced

pytestmark = pytest.mark.pure

CART = [line("A", 1_000, equivalent=10_000), line("B", 1_000, equivalent=10_000)]


def _off(points: int, **more: Any) -> Any:
    steps = [{"at_least": 1, "off": points}]
    return campaign("full_reduction", {"unit": "points", "steps": steps}, **more)


def _told(found: Priced) -> dict[str, tuple[str, str | None]]:
    return {each.id: (each.outcome.reason, each.outcome.other) for each in found.steps}


def test_of_a_group_the_higher_priority_holds() -> None:
    low = _off(500, id="cam_low", exclusion_group="g")
    high = _off(100, id="cam_high", exclusion_group="g", priority=1)
    found = priced(CART, low, high)
    assert found.most == 1_900
    assert _told(found)["cam_low"] == ("excluded_by", "cam_high")


def test_of_equal_priority_the_greater_saving_holds_then_the_first_id() -> None:
    group = {"exclusion_group": "g"}
    assert (
        priced(CART, _off(100, id="cam_1", **group), _off(500, id="cam_2", **group)).most == 1_500
    )
    same = priced(CART, _off(100, id="cam_2", **group), _off(100, id="cam_1", **group))
    assert _told(same)["cam_2"] == ("excluded_by", "cam_1")


def test_campaigns_of_a_group_may_both_hold_for_other_lines() -> None:
    group = {"exclusion_group": "g"}
    one = _off(100, id="cam_1", scope={"skus": ["A"]}, **group)
    two = _off(300, id="cam_2", **group, priority=-1)
    found = priced(CART, one, two)
    assert [each.points for each in found.terms] == [900, 700]
    assert {reason for reason, _ in _told(found).values()} == {"applied"}


def test_a_campaign_that_does_nothing_excludes_nobody() -> None:
    group = {"exclusion_group": "g"}
    dear = campaign("price", {"percent_off": 5}, id="cam_dear", priority=9, **group)
    cheap = campaign("price", {"percent_off": 50}, id="cam_cheap")
    found = priced(CART, dear, cheap, _off(100, id="cam_off", **group))
    assert found.most == 900
    assert _told(found) == {
        "cam_cheap": ("applied", None),
        "cam_dear": ("lower_price_by", "cam_cheap"),
        "cam_off": ("applied", None),
    }


def test_phases_follow_what_changed_before_them() -> None:
    """The reduction, which a lower price keeps below its step, gives its place to another price."""
    group, cart = {"exclusion_group": "g"}, [line("A", 1_000, quantity=2)]
    steps = {"unit": "points", "steps": [{"at_least": 1_500, "off": 100}]}
    found = priced(
        cart,
        campaign("full_reduction", steps, id="cam_off", priority=9, **group),
        campaign("price", {"percent_off": 50}, id="cam_half"),
        campaign("price", {"percent_off": 60}, id="cam_more", **group),
        campaign("bundle", {"items": [{"sku": "A", "quantity": 2}], "points": 700}, id="cam_set"),
    )
    saved = {each.id: sum(cut.points for cut in each.outcome.cuts) for each in found.steps}
    assert saved == {"cam_more": 1_200, "cam_half": 0, "cam_set": 100, "cam_off": 0}
    assert found.most == 700


def test_of_two_equal_prices_the_first_holds() -> None:
    one, two = (campaign("price", {"percent_off": 10}, id=f"cam_{each}") for each in (1, 2))
    assert _told(priced(CART, two, one)) == {
        "cam_1": ("applied", None),
        "cam_2": ("lower_price_by", "cam_1"),
    }


def test_campaigns_without_a_group_add_up() -> None:
    assert priced(CART, _off(100, id="cam_1"), _off(300, id="cam_2")).most == 1_600


def test_a_better_coupon_replaces_campaigns_that_do_not_go_with_it() -> None:
    alone = _off(100, with_coupons=False)
    found = priced(CART, alone, coupon=coupon("points_off", amount=300))
    assert found.most == 1_700
    assert _told(found) == {
        "cpn_1": ("applied", None),
        "cam_1": ("not_with_coupon", "cpn_1"),
    }


def test_a_worse_coupon_is_not_used_and_changes_nothing() -> None:
    """Nor is one that saves as much."""
    for amount in (99, 100):
        worse = coupon("points_off", amount=amount, with_campaigns=False)
        found, plain = priced(CART, _off(100), coupon=worse), priced(CART, _off(100))
        assert (found.terms, found.steps[:-1]) == (plain.terms, plain.steps)
        assert _told(found)["cpn_1"] == ("not_with_campaigns", "cam_1")


def test_a_coupon_for_what_campaigns_took_already_saves_nothing() -> None:
    cart = [line("A", cash=100)]
    steps = [{"at_least": 100, "off": 100}]
    free = campaign("full_reduction", {"unit": "cash", "steps": steps})
    for terms in ({"kind": "amount_off", "amount": 50}, {"kind": "percent_off", "percent": 50}):
        found = priced(cart, free, coupon=coupon(**terms))
        assert _told(found)["cpn_1"] == ("saves_nothing", None)
        assert found.cash_due(0) == 0


def test_amounts_off_whose_goods_overlap_leave_each_other_what_they_can() -> None:
    cart = [line("A", cash=100), line("B", cash=100)]
    steps = [{"at_least": 100, "off": 100}]
    all_goods = campaign("full_reduction", {"unit": "cash", "steps": steps}, priority=1)
    found = priced(cart, all_goods, coupon=coupon("amount_off", amount=100, scope={"skus": ["B"]}))
    assert found.cash_due(0) == 0


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"kind": "amount_off", "amount": 100, "scope": {"skus": ["C"]}}, "not_in_scope"),
        ({"kind": "points_off", "amount": 100, "least_points": 2_001}, "below_threshold"),
        ({"kind": "amount_off", "amount": 100, "least_cash": 20_001}, "below_threshold"),
        ({"kind": "free_freight"}, "saves_nothing"),
    ],
)
def test_a_coupon_that_saves_nothing_tells_why(terms: dict[str, Any], reason: str) -> None:
    found = priced(CART, coupon=coupon(**terms))
    assert found.coupon is not None
    assert found.coupon.outcome.reason == reason
    assert found.most == 2_000


def test_goods_of_just_the_least_spend_have_their_coupon() -> None:
    least = {"least_points": 2_000, "least_cash": 20_000}
    assert priced(CART, coupon=coupon("points_off", amount=100, **least)).most == 1_900


def test_what_is_left_of_a_budget_has_all_of_a_saving_or_gives_nothing() -> None:
    enough, less = Left(points=100, cash=1_000, takers=1, orders=1), Left(points=99)
    assert priced(CART, _off(100), left={"cam_1": enough}).most == 1_900
    for left in (less, Left(cash=999), Left(takers=0)):
        found = priced(CART, _off(100), left={"cam_1": left})
        assert (found.most, _told(found)["cam_1"][0]) == (2_000, "budget_spent")
    found = priced(CART, _off(100), left={"cam_1": Left(orders=0)})
    assert (found.most, _told(found)["cam_1"][0]) == (2_000, "limit_reached")


def test_a_window_begins_at_its_instant_and_ends_before_its_end() -> None:
    begins = datetime(2028, 2, 28, 16, tzinfo=UTC)  # 29 February in Shanghai
    day = {"from": begins.isoformat(), "until": (begins + timedelta(days=1)).isoformat()}
    leap = _off(100, valid={**day, "days": [29]})
    tick = timedelta(milliseconds=1)
    times = (begins - tick, begins, begins + timedelta(days=1) - tick, begins + timedelta(days=1))
    assert [priced(CART, leap, at=at).most for at in times] == [2_000, 1_900, 1_900, 2_000]


def test_an_audience_asks_one_name_of_each_list() -> None:
    buyer = Buyer(member_id="mbr_1", tier="gold", tags=frozenset({"tea", "new"}))
    assert is_in(Audience(tiers=["gold", "silver"], tags=["tea"]), buyer)
    assert not is_in(Audience(tiers=["gold"], tags=["coffee"]), buyer)
    assert not is_in(Audience(tiers=["gold"], lists=["vip"]), buyer)
    assert not is_in(Audience(), buyer)
    found = priced(CART, _off(100, audience={"tiers": ["silver"]}))
    assert _told(found)["cam_1"][0] == "not_in_audience"


def test_so_many_percent_of_members_are_held_out_the_same_at_each_look() -> None:
    members = [f"mbr_{number}" for number in range(10_000)]
    out = [each for each in members if held_out("cam_1", each, 10)]
    assert 900 < len(out) < 1_100
    assert out == [each for each in members if held_out("cam_1", each, 10)]
    assert set(out) <= {each for each in members if held_out("cam_1", each, 20)}
    assert not any(held_out("cam_1", each, 0) for each in members)
    assert 50 < sum(held_out("cam_1", each, 1) for each in members) < 150
    found = priced(CART, _off(100, holdout_percent=90), buyer=Buyer(member_id=out[0]))
    assert (found.most, _told(found)["cam_1"][0]) == (2_000, "held_out")


def test_a_preview_names_campaigns_of_other_goods_too() -> None:
    other = _off(100, scope={"categories": ["food"]})
    found = priced(CART, other)
    assert found.steps == []
    told = steps_elsewhere(found, BUYER, compile_campaigns([other]), AT)
    assert [each.outcome.reason for each in told] == ["not_in_scope"]


def test_goods_that_a_scope_leaves_out_are_not_counted() -> None:
    cart = [line("A", 1_000, categories=("cups", "home")), line("B", 1_000, categories=("home",))]
    scope = {"categories": ["home"], "except": {"categories": ["cups"]}}
    assert [each.points for each in priced(cart, _off(100, scope=scope)).terms] == [1_000, 900]
