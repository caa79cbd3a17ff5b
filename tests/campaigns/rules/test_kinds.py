"""Each kind of campaign, by an example that a person can follow."""

from __future__ import annotations

import pytest

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.settling import Paid
from chalicelib.campaigns.rules.steps import Ahead, Gift
from tests.campaigns.rules.carts import campaign, coupon, line, priced

pytestmark = pytest.mark.pure

NEW = Buyer(member_id="mbr_1", orders_before=0)
SET = {"items": [{"sku": "A"}, {"sku": "B"}, {"sku": "C"}], "cash": 10_000}


def _reasons(*args: object, **more: object) -> list[str]:
    return [each.outcome.reason for each in priced(*args, **more).steps]  # type: ignore[arg-type]


def test_a_bundle_shares_its_price_and_the_cents_that_are_left() -> None:
    cart = [line("A", cash=5_000), line("B", cash=5_000), line("C", cash=5_000)]
    found = priced(cart, campaign("bundle", SET)).settle(0)
    assert [each.cash for each in found.lines] == [3_333, 3_333, 3_334]
    assert found.cash == 10_000


def test_units_beyond_whole_sets_cost_what_they_did() -> None:
    cart = [line("A", cash=5_000, quantity=3), line("B", cash=5_000), line("C", cash=5_000)]
    found = priced(cart, campaign("bundle", SET)).settle(0)
    assert found.lines[0].cash == 10_000 + 3_333
    assert found.cash == 20_000


def test_a_set_that_lacks_goods_is_none() -> None:
    cart = [line("A", cash=5_000), line("B", cash=5_000)]
    assert _reasons(cart, campaign("bundle", SET)) == ["incomplete_set"]


def test_a_set_that_is_dearer_than_its_goods_changes_nothing() -> None:
    cart = [line("A", cash=3_000), line("B", cash=3_000), line("C", cash=3_000)]
    assert _reasons(cart, campaign("bundle", SET)) == ["not_cheaper"]


def test_two_bundles_never_use_a_unit_twice() -> None:
    cart = [line("A", cash=5_000), line("B", cash=5_000), line("C", cash=5_000)]
    pair = {"items": [{"sku": "A"}, {"sku": "B"}], "cash": 7_000}
    found = priced(cart, campaign("bundle", SET, priority=1), campaign("bundle", pair, id="cam_2"))
    assert [each.outcome.reason for each in found.steps] == ["applied", "incomplete_set"]
    assert found.cash_due(0) == 10_000


def test_the_highest_step_that_is_reached_holds_alone() -> None:
    steps = [{"at_least": 1_000, "off": 100}, {"at_least": 2_000, "off": 300}]
    off = campaign("full_reduction", {"unit": "points", "steps": steps})
    assert [priced([line("A", each)], off).most for each in (999, 1_000, 2_000, 9_000)] == [
        999,
        900,
        1_700,
        8_700,
    ]


def test_a_step_that_repeats_counts_each_time_up_to_its_limit() -> None:
    steps = [{"at_least": 1_000, "off": 100}]
    effect = {"unit": "points", "steps": steps, "repeats": True, "most_times": 3}
    off = campaign("full_reduction", effect)
    assert [priced([line("A", each)], off).most for each in (2_500, 9_000)] == [2_300, 8_700]


def test_a_flash_price_is_for_so_many_units_of_a_line() -> None:
    cart = [line("A", 1_000, quantity=3)]
    sale = campaign("flash_sale", {"prices": [{"sku": "A", "points": 600}], "per_order": 1})
    assert priced(cart, sale).most == 600 + 2 * 1_000


@pytest.mark.parametrize("price", [{"points": 900, "cash": 501}, {"points": 1_001, "cash": 0}])
def test_a_price_above_the_list_in_points_or_in_cash_does_not_apply(price: dict[str, int]) -> None:
    cart = [line("A", 1_000, cash=500)]
    sale = campaign("price", {"prices": [{"sku": "A", **price}]})
    assert _reasons(cart, sale) == ["not_cheaper"]


def test_three_bought_give_one_and_five_give_no_more() -> None:
    give = campaign("buy_and_give", {"buy": 3, "give_sku": "MUG"})
    assert priced([line("A", 10, quantity=3)], give).gifts == [Gift("MUG", 1)]
    assert priced([line("A", 10, quantity=2), line("B", 10, quantity=3)], give).gifts == [
        Gift("MUG", 1)
    ]
    few = priced([line("A", 10, quantity=2)], give)
    assert (few.gifts, few.steps[0].outcome.missing, few.steps[0].outcome.unit) == ([], 1, "units")


def test_a_gift_that_is_gone_is_not_promised() -> None:
    give = campaign("buy_and_give", {"buy": 1, "give_sku": "MUG"})
    found = priced([line("A", 10)], give, gone=frozenset({"MUG"}))
    assert (found.gifts, found.steps[0].outcome.reason) == ([], "gift_gone")


def test_points_come_back_as_a_share_of_those_that_are_paid() -> None:
    cart = [line("A", 1_000, equivalent=9_900), line("B", 500, least_points=500)]
    back = campaign("points_back", {"percent": 10, "cap": 120})
    found = priced(cart, back)
    (some,), (all_,) = found.settle(700).points_back, found.settle(1_500).points_back
    assert (some.points, [each.points for each in some.by_line]) == (70, [20, 50])
    assert (all_.points, [each.points for each in all_.by_line]) == (120, [80, 40])


def test_too_few_points_paid_bring_none_back() -> None:
    back = campaign("points_back", {"points": 50, "at_least": 600})
    found = priced([line("A", 1_000, equivalent=9_900)], back)
    assert found.settle(599).points_back == ()
    assert found.settle(600).points_back[0].points == 50


def test_a_first_order_has_its_gift_and_no_later_one() -> None:
    gift = campaign("first_order", {"gift_sku": "MUG", "points": 100})
    found = priced([line("A", 10)], gift, buyer=NEW)
    assert found.gifts == [Gift("MUG", 1)]
    assert found.settle(10).points_back[0].points == 100
    for before in (1, None):
        buyer = Buyer(member_id="mbr_1", orders_before=before)
        assert _reasons([line("A", 10)], gift, buyer=buyer) == ["not_first_order"]


def test_a_multiplier_is_told_and_is_no_price() -> None:
    double = campaign("multiplier", {"percent": 200})
    found = priced([line("A", 10)], double)
    assert (found.most, found.steps[0].outcome.reason) == (10, "earns_more")


def test_a_price_a_bundle_a_reduction_and_a_coupon_follow_each_other() -> None:
    cart = [line("A", 1_000, equivalent=10_000), line("B", 1_000, equivalent=10_000)]
    found = priced(
        cart,
        campaign("price", {"percent_off": 10}, id="cam_1", scope={"skus": ["A"]}),
        campaign("bundle", {"items": [{"sku": "A"}, {"sku": "B"}], "points": 1_700}, id="cam_2"),
        campaign(
            "full_reduction",
            {"unit": "points", "steps": [{"at_least": 1_700, "off": 200}]},
            id="cam_3",
        ),
        coupon=coupon("amount_off", amount=500),
    )
    assert [each.outcome.reason for each in found.steps] == ["applied"] * 4
    assert found.most == 1_500
    assert found.cash_due(found.most) == 0
    assert found.cash_due(0) == sum(each.equivalent or 0 for each in found.terms) - 500
    assert found.settle(1_500).lines == (Paid(710, 0), Paid(790, 0))


STEPS = [{"at_least": 10_000, "off": 1_000}, {"at_least": 20_000, "off": 3_000}]
REPEATS = {"unit": "cash", "steps": STEPS[:1], "repeats": True, "most_times": 2}


@pytest.mark.parametrize(
    ("effect", "cash", "ahead"),
    [
        ({"unit": "cash", "steps": STEPS}, 9_999, Ahead("cash", 1, 1_000)),
        ({"unit": "cash", "steps": STEPS}, 10_000, Ahead("cash", 10_000, 2_000)),
        ({"unit": "cash", "steps": STEPS}, 20_000, None),
        (REPEATS, 4_000, Ahead("cash", 6_000, 1_000)),
        (REPEATS, 10_000, Ahead("cash", 10_000, 1_000)),
        (REPEATS, 20_000, None),
    ],
)
def test_a_reduction_tells_its_next_step(
    effect: dict[str, object], cash: int, ahead: Ahead | None
) -> None:
    (step,) = priced([line("A", cash=cash)], campaign("full_reduction", effect)).steps
    assert step.outcome.ahead == ahead


def test_goods_that_reach_the_next_step_cost_as_much_less_as_was_told() -> None:
    reduction = campaign("full_reduction", {"unit": "cash", "steps": STEPS})
    for cash in (1, 9_999, 10_000, 19_999):
        here = priced([line("A", cash=cash)], reduction)
        ahead = here.steps[0].outcome.ahead
        assert ahead is not None
        there = priced([line("A", cash=cash + ahead.missing)], reduction)
        assert there.cash_due(0) == here.cash_due(0) + ahead.missing - ahead.off
