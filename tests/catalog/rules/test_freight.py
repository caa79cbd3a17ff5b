"""Freight: fees by weight, units or worth, for each region; free for a tier or above an amount."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.rules.drafts import Title
from chalicelib.catalog.rules.freight import (
    PROVINCES,
    Carried,
    FreeFreight,
    Freight,
    FreightChange,
    FreightDraft,
    FreightRegion,
    FreightTerms,
    changed_template,
    delivered_to,
    freight_of,
    new_template,
    province_of,
)
from chalicelib.kernel.errors import Invalid

pytestmark = pytest.mark.pure

NEAR = FreightRegion(fee=600, provinces=["上海市", "江苏省"], first=1000, step=500, step_fee=200)
FAR = FreightRegion(fee=1200, first=1000, step=1000, step_fee=800)
TITLE = Title(zh="快递", en="Parcel")


def terms(*regions: FreightRegion, **other: Any) -> FreightTerms:
    given: dict[str, Any] = {"charged_by": "weight", "paid_in": "cash", "free": FreeFreight()}
    return FreightTerms(regions=list(regions or (NEAR, FAR)), **given | other)


def cash(province: str | None, grams: int, of: FreightTerms | None = None) -> int | None:
    found = freight_of(of or terms(), province, Carried(grams, 1, 100, 0), "normal")
    return None if found is None else found.cash


@pytest.mark.parametrize(
    ("grams", "fee"), [(0, 600), (1000, 600), (1001, 800), (1500, 800), (1501, 1000)]
)
def test_each_step_begun_beyond_the_first_weight_costs_its_fee(grams: int, fee: int) -> None:
    assert cash("上海市", grams) == fee


def test_provinces_that_no_region_names_are_of_the_region_of_all_others() -> None:
    assert cash("青海省", 900) == 1200
    assert cash("没有这个省", 900) == 1200


def test_a_province_without_a_region_gets_nothing() -> None:
    only_near = terms(NEAR)
    assert cash("青海省", 900, only_near) is None
    assert cash("江苏省", 900, only_near) == 600
    assert delivered_to([only_near]) == ["上海市", "江苏省"]


def test_nothing_is_delivered_abroad() -> None:
    assert province_of("US", "California") is None
    assert cash(None, 900) is None


def test_goods_of_several_templates_are_delivered_where_all_of_them_are() -> None:
    south = terms(FreightRegion(fee=1, provinces=["广东省", "江苏省"]))
    assert delivered_to([terms(NEAR), south]) == ["江苏省"]
    assert delivered_to([terms()]) == list(PROVINCES)


@pytest.mark.parametrize(
    ("spelt", "province"),
    [
        ("上海", "上海市"), ("上海市", "上海市"), ("广西", "广西壮族自治区"),
        (" 内蒙古 ", "内蒙古自治区"),
        ("新疆", "新疆维吾尔自治区"), ("香港", "香港特别行政区"), ("黑龙江省", "黑龙江省"),
        ("宁夏回族自治区", "宁夏回族自治区"), ("Shanghai", "Shanghai"),
    ],
)  # fmt: skip
def test_a_province_is_known_however_it_is_spelt(spelt: str, province: str) -> None:
    assert province_of("CN", spelt) == province


def test_freight_is_free_above_an_amount_of_points_or_cash_or_for_a_tier() -> None:
    free = terms(free=FreeFreight(points=500, cash=9900, tiers=["gold"]))

    def charged(points: int, of_cash: int, tier: str = "normal") -> Freight | None:
        return freight_of(free, "上海市", Carried(100, 1, points, of_cash), tier)

    assert charged(499, 9899) == Freight(cash=600)
    assert charged(500, 0) == charged(0, 9900) == charged(1, 0, "gold") == Freight()


def test_what_is_free_is_still_not_delivered_everywhere() -> None:
    free = terms(NEAR, free=FreeFreight(points=0))
    assert freight_of(free, "青海省", Carried(1, 1, 100), "normal") is None


@pytest.mark.parametrize(
    ("charged_by", "fee"), [("weight", 10), ("quantity", 10 + 2 * 3), ("worth", 10 + 199 * 3)]
)
def test_freight_counts_grams_units_or_the_points_of_the_goods(charged_by: str, fee: int) -> None:
    region = FreightRegion(fee=10, first=1, step=1, step_fee=3)
    made = terms(region, charged_by=charged_by, paid_in="points")
    assert freight_of(made, "上海市", Carried(1, 3, 200), "normal") == Freight(points=fee)


def test_without_a_step_the_fee_takes_any_weight() -> None:
    assert cash("上海市", 10**9, terms(FreightRegion(fee=5))) == 5


AMOUNTS = st.integers(0, 10**9)


@given(AMOUNTS, AMOUNTS, st.integers(1, 10**8), st.integers(1, 10**8), st.integers(0, 10**8))
def test_more_weight_never_costs_less_and_a_fee_covers_its_steps(
    light: int, more: int, first: int, step: int, step_fee: int
) -> None:
    made = terms(FreightRegion(fee=7, first=first, step=step, step_fee=step_fee))
    fee = cash("上海市", light, made)
    heavier = cash("上海市", light + more, made)
    assert fee is not None
    assert heavier is not None
    assert fee <= heavier
    if step_fee:
        steps = (fee - 7) // step_fee
        assert first + steps * step >= light
        assert steps == 0 or first + (steps - 1) * step < light


def wrong(*regions: FreightRegion) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as found:
        new_template(FreightDraft(title=TITLE, charged_by="weight", regions=[*regions]), "frt_1")
    return [(error.field, error.code) for error in found.value.fields]


def test_no_province_is_named_twice() -> None:
    again = FreightRegion(fee=1, provinces=["江苏省"])
    assert wrong(NEAR, again) == [("regions[1].provinces[0]", "duplicate")]


def test_only_one_region_is_that_of_all_others() -> None:
    assert wrong(FAR, NEAR, FAR) == [("regions[2].provinces", "duplicate")]


def test_a_fee_for_steps_needs_a_step() -> None:
    assert wrong(FreightRegion(fee=1, step_fee=2)) == [("regions[0].step_fee", "needs_step")]


def test_a_change_replaces_what_it_names_and_counts_the_version() -> None:
    draft = FreightDraft(title=TITLE, charged_by="weight", regions=[NEAR])
    seen = new_template(draft, "frt_1")
    after = changed_template(seen, FreightChange(free=FreeFreight(points=9), regions=[FAR]))
    assert (after.version, after.regions, after.free.points) == (2, [FAR], 9)
    assert (after.title, after.charged_by, after.id) == (seen.title, "weight", "frt_1")
