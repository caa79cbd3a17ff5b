"""Campaigns that contradict themselves, and those that give more than is meant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from chalicelib.campaigns.rules.checks import CheckedAt, campaign_faults
from chalicelib.campaigns.rules.warnings import GoodsFacts, Known, campaign_warnings
from tests.campaigns.rules.carts import campaign, line

pytestmark = pytest.mark.pure

KNOWN = CheckedAt(ZoneInfo("Asia/Shanghai"), datetime(2026, 12, 1, tzinfo=UTC))
STEP = {"at_least": 1_000, "off": 100}
RIGHT: dict[str, dict[str, Any]] = {
    "price": {"percent_off": 10},
    "flash_sale": {"prices": [{"sku": "A", "points": 10}]},
    "bundle": {"items": [{"sku": "A"}, {"sku": "B"}], "points": 10},
    "full_reduction": {"unit": "points", "steps": [STEP]},
    "buy_and_give": {"buy": 2, "give_sku": "MUG"},
    "points_back": {"percent": 10},
    "first_order": {"gift_sku": "MUG"},
    "multiplier": {"percent": 200},
}


def _faults(kind: str, effect: dict[str, Any], **terms: Any) -> list[tuple[str, str]]:
    made = campaign(kind, effect, **terms)
    return [(each.field, each.code) for each in campaign_faults(made.terms, KNOWN)]


@pytest.mark.parametrize("kind", RIGHT)
def test_a_right_campaign_of_each_kind_has_no_faults(kind: str) -> None:
    assert _faults(kind, RIGHT[kind]) == []


@pytest.mark.parametrize(
    ("kind", "effect", "fault"),
    [
        ("price", {}, ("effect.price.percent_off", "exactly_one")),
        ("price", {"percent_off": 0}, ("effect.price.percent_off", "zero")),
        ("price", {"prices": [{"sku": "A"}]}, ("effect.price.prices[0].points", "required")),
        ("flash_sale", {"percent_off": 5, "per_order": 0}, ("effect.flash_sale.per_order", "zero")),
        ("bundle", {"items": [{"sku": "A"}]}, ("effect.bundle.items", "too_few")),
        ("buy_and_give", {"buy": 0, "give_sku": "A"}, ("effect.buy_and_give.buy", "zero")),
        ("points_back", {}, ("effect.points_back.percent", "exactly_one")),
        ("points_back", {"percent": 0}, ("effect.points_back.percent", "zero")),
        ("first_order", {}, ("effect.first_order.gift_sku", "gives_nothing")),
        (
            "flash_sale",
            {"prices": [{"sku": "A", "points": 1}, {"sku": "A", "points": 2}]},
            ("effect.flash_sale.prices[1].sku", "twice"),
        ),
        (
            "full_reduction",
            {"unit": "cash", "steps": []},
            ("effect.full_reduction.steps", "empty"),
        ),
        (
            "full_reduction",
            {"unit": "cash", "steps": [{"at_least": 100, "off": 101}]},
            ("effect.full_reduction.steps[0].off", "above_its_value"),
        ),
        (
            "full_reduction",
            {"unit": "cash", "steps": [STEP, {"at_least": 1_000, "off": 200}]},
            ("effect.full_reduction.steps[1].at_least", "not_rising"),
        ),
        (
            "full_reduction",
            {"unit": "cash", "steps": [STEP, {"at_least": 2_000, "off": 200}], "repeats": True},
            ("effect.full_reduction.repeats", "one_step"),
        ),
    ],
)
def test_a_fault_of_an_effect_names_its_field(
    kind: str, effect: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert _faults(kind, effect) == [fault]


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percentage_that_is_none_is_refused_as_it_is_read(percent: int) -> None:
    with pytest.raises(msgspec.ValidationError, match="percent_off"):
        campaign("price", {"percent_off": percent})


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (
            {"valid": {"from": "2026-12-12T00:00:00Z", "until": "2026-12-12T00:00:00Z"}},
            ("valid.until", "ends_before_it_begins"),
        ),
        ({"valid": {"until": "2026-12-01T00:00:00Z"}}, ("valid.until", "is_over")),
        ({"valid": {"weekdays": []}}, ("valid.weekdays", "empty")),
        (
            {"valid": {"hours": {"start": 9, "end": 9}}},
            ("valid.hours.end", "ends_before_it_begins"),
        ),
        (
            {
                "valid": {
                    "from": "2027-02-01T00:00:00+08:00",
                    "until": "2027-03-01T00:00:00+08:00",
                    "days": [29],
                }
            },
            ("valid", "never_holds"),
        ),
        ({"scope": {}}, ("scope", "empty_scope")),
        ({"scope": {"all": True, "skus": ["A"]}}, ("scope.all", "all_and_some")),
        (
            {"scope": {"skus": ["A"], "except": {"skus": ["A", "B"]}}},
            ("scope.except", "empty_scope"),
        ),
        ({"audience": {}}, ("audience", "nobody")),
        ({"audience": {"all": True, "tiers": ["gold"]}}, ("audience.all", "all_and_some")),
        ({"budget": {"takers": 0}}, ("budget.takers", "zero")),
        ({"per_member": 0}, ("per_member", "zero")),
    ],
)
def test_a_fault_of_terms_names_its_field(terms: dict[str, Any], fault: tuple[str, str]) -> None:
    assert _faults("price", RIGHT["price"], **terms) == [fault]


def test_29_february_is_a_day_of_a_leap_year() -> None:
    leap = {"from": "2028-02-01T00:00:00+08:00", "until": "2028-03-01T00:00:00+08:00"}
    assert _faults("price", RIGHT["price"], valid={**leap, "days": [29]}) == []


def test_a_campaign_has_the_effect_of_its_kind_alone() -> None:
    double = campaign("multiplier", {"percent": 200}).terms
    made = msgspec.structs.replace(double, kind="price")
    assert [(each.field, each.code) for each in campaign_faults(made, KNOWN)] == [
        ("effect.multiplier", "exactly_one")
    ]


def test_an_audience_that_counts_nobody_is_refused() -> None:
    made = campaign("price", RIGHT["price"], audience={"tiers": ["gold"]})
    assert [each.field for each in campaign_faults(made.terms, KNOWN._replace(members=0))] == [
        "audience"
    ]


GOODS = {
    "A": GoodsFacts(line("A", 1_000, cash=500, equivalent=9_500), cost=6_000),
    "B": GoodsFacts(line("B", 1_000, cash=500, equivalent=9_500), cost=2_000),
}


def _warnings(kind: str, effect: dict[str, Any], **terms: Any) -> list[tuple[str, str, str]]:
    found = campaign_warnings(campaign(kind, effect, **terms), Known(GOODS))
    return [(each.field, each.code, each.message.en) for each in found]


def test_goods_below_their_cost_are_told_in_numbers() -> None:
    assert _warnings("price", {"percent_off": 40}) == []
    assert _warnings("price", {"percent_off": 50}) == [
        ("effect.price", "below_cost", "A sells at CNY 50.00 and costs CNY 60.00")
    ]
    assert _warnings("full_reduction", {"unit": "cash", "steps": [{"at_least": 100, "off": 90}]})[
        0
    ] == (
        "effect.full_reduction",
        "below_cost",
        "A sells at CNY 10.00 and costs CNY 60.00; B sells at CNY 10.00 and costs CNY 20.00",
    )


def test_a_price_above_the_list_is_told() -> None:
    (field, code, _), *_ = _warnings("price", {"prices": [{"sku": "A", "points": 1_001}]})
    assert (field, code) == ("effect.price.prices[0].points", "above_list_price")


def test_a_bundle_dearer_than_its_goods_and_one_below_cost_are_told() -> None:
    items = {"items": [{"sku": "A"}, {"sku": "B"}]}
    assert [each[:2] for each in _warnings("bundle", {**items, "cash": 1_001})] == [
        ("effect.bundle.cash", "above_list_price"),
        ("effect.bundle", "below_cost"),
    ]
    assert _warnings("bundle", {**items, "points": 1_500, "cash": 1_000}) == []


def test_unknown_goods_are_told() -> None:
    (found,) = _warnings("price", {"prices": [{"sku": "C", "points": 1}]})
    assert found[:2] == ("effect.price.prices[0].sku", "unknown_sku")


def test_an_equal_priority_within_a_group_is_told_if_both_can_meet() -> None:
    terms = {"exclusion_group": "g", "scope": {"skus": ["A"]}}
    made = campaign("price", {"percent_off": 10}, **terms)
    others = [
        campaign("price", {"percent_off": 10}, id="cam_2", **terms),
        campaign("price", {"percent_off": 10}, id="cam_3", **{**terms, "scope": {"skus": ["B"]}}),
        campaign("price", {"percent_off": 10}, id="cam_4", priority=1, **terms),
    ]
    for other, expected in zip(others, (["same_priority"], [], []), strict=True):
        found = campaign_warnings(made, Known(GOODS, [other]))
        assert [each.code for each in found] == expected
