"""A draft becomes a product, a change its next version; each wrong field is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from chalicelib.catalog.rules import changes
from chalicelib.catalog.rules.drafts import (
    DescriptionChange,
    LimitsChange,
    PriceChange,
    ProductChange,
    SkuChange,
    SkuDraft,
    Title,
    TitleChange,
)
from chalicelib.catalog.rules.products import Limits, Localized, Price, Product, Sku
from chalicelib.kernel.money import Money
from tests.catalog.rules.drafting import FEN, LATER, NOW, both, changed, made, words, wrong

pytestmark = pytest.mark.pure


def test_a_product_has_all_that_its_draft_describes() -> None:
    assert made(on_sale_from=NOW, on_sale_until=LATER) == Product(
        id="prd_1",
        version=1,
        title=Localized("杯", "Cup"),
        description=Localized("好", "Good"),
        kind="physical",
        category="home",
        brand="B",
        scene=["s"],
        pictures=["p"],
        price=Price(points=100),
        cost=Money(70, "CNY"),
        limits=Limits(per_member=2),
        status="on_sale",
        on_sale_from=NOW,
        on_sale_until=LATER,
        skus=[Sku("CUP", {"色": "红"})],
        created_at=NOW,
        updated_at=NOW,
    )


def test_an_instant_is_kept_in_utc_and_milliseconds() -> None:
    local = datetime(2026, 11, 21, 16, 0, 0, 1_999, tzinfo=timezone(timedelta(hours=8)))
    kept = made(on_sale_from=local).on_sale_from
    assert kept == datetime(2026, 11, 21, 8, 0, 0, 1_000, tzinfo=UTC)
    assert made(on_sale_from=None).on_sale_from is None
    assert changed(on_sale_from=local).on_sale_from == kept
    assert made(on_sale_until=local).on_sale_until == kept
    assert changed(on_sale_until=local).on_sale_until == kept


def test_an_empty_change_makes_the_next_version_of_the_same_product() -> None:
    before = made(on_sale_from=NOW)
    assert changed(before) == msgspec.structs.replace(before, version=2, updated_at=LATER)


def test_a_change_replaces_only_the_fields_that_it_names() -> None:
    after = changed(
        title=TitleChange(en="Mug"),
        description=DescriptionChange(zh="很好"),
        price=PriceChange(cash=FEN),
        limits=LimitsChange(per_order=1),
        brand=None,
        status="draft",
        on_sale_until=LATER,
        kind="physical",
    )
    assert after.title == Localized("杯", "Mug")
    assert after.description == Localized("很好", "Good")
    assert after.price == Price(points=100, cash=FEN)
    assert after.limits == Limits(per_member=2, per_order=1)
    assert (after.brand, after.status, after.on_sale_until) == (None, "draft", LATER)
    assert (after.category, after.cost, after.created_at) == ("home", Money(70, "CNY"), NOW)


def test_null_removes_a_limit_and_the_end_of_a_sale() -> None:
    after = changed(made(on_sale_from=NOW), limits=LimitsChange(per_member=None), on_sale_from=None)
    assert (after.limits, after.on_sale_from) == (Limits(), None)


def test_a_change_finds_skus_by_code_and_removes_none() -> None:
    added = SkuChange("MUG", {"色": "蓝"}, 3)
    after = changed(skus=[SkuChange("CUP", {"色": "绿"}), added])
    assert after.skus == [Sku("CUP", {"色": "绿"}), Sku("MUG", {"色": "蓝"})]
    assert changed(skus=[SkuChange("CUP")]).skus == made().skus
    change = ProductChange(skus=[SkuChange("CUP"), added])
    assert changes.added_skus(made(), change) == [added]
    assert changes.added_skus(made(), ProductChange()) == []


def test_a_value_takes_the_given_fields_and_keeps_the_others() -> None:
    assert changes.merged(Limits(per_member=2), {"per_order": 1, "per_member": UNSET}) == Limits(
        per_member=2, per_order=1
    )
    assert changes.merged(made(), {"cost": FEN}).cost == FEN


def test_a_tier_takes_no_more_points_than_others() -> None:
    price = Price(points=100, tier_points={"gold": 100, "silver": 101})
    assert wrong(made, price=price) == [("price.tier_points.silver", "above_points")]
    assert words(made, price=price) == ("不得大于 points", "must not be above points")


def test_goods_for_all_tiers_name_none() -> None:
    assert made(tiers=None) == made(tiers=[])
    assert changed(tiers=None) == changed()
    assert made(tiers=["gold"]).tiers == ["gold"]


def test_scenes_tiers_and_pictures_are_given_once_each() -> None:
    for name in ("scene", "tiers", "pictures"):
        no = ("重复", "is given more than once")
        both(f"{name}[1]", "duplicate", *no, **{name: ["a", "a", "b"]})
        made(**{name: ["a", "b"]})


def test_a_sale_lies_in_the_years_2000_to_2100() -> None:
    for name in ("on_sale_from", "on_sale_until"):
        for year in (1999, 2101):
            at = {name: NOW.replace(year=year)}
            zh, en = "年份须在 2000 至 2100 之间", "must lie in the years 2000 to 2100"
            both(name, "out_of_range", zh, en, **at)
        for year in (2000, 2100):
            made(**{name: NOW.replace(year=year)})


def test_a_sale_ends_after_it_begins() -> None:
    no = ("须晚于开售时间", "must be later than on_sale_from")
    both("on_sale_until", "not_after_on_sale_from", *no, on_sale_from=NOW, on_sale_until=NOW)
    made(on_sale_from=NOW, on_sale_until=NOW + timedelta(milliseconds=1))


def test_the_kind_of_a_product_cannot_change() -> None:
    assert wrong(changed, kind="service") == [("kind", "not_changeable")]
    no = ("商品类型不可更改", "cannot change: make another product")
    assert words(changed, kind="service") == no


def test_a_draft_names_each_sku_once() -> None:
    for act, sku in ((made, SkuDraft), (changed, SkuChange)):
        twice = [sku("A"), sku("B"), sku("A")]
        assert wrong(act, skus=twice) == [("skus[2].sku", "duplicate")]
        assert words(act, skus=twice) == ("SKU 编码重复", "is given more than once")


def test_the_shards_of_a_sku_that_is_there_change_by_themselves() -> None:
    assert made(skus=[SkuDraft("A", shards=64)]).skus[0].sku == "A"
    split = [SkuChange("CUP", shards=2), SkuChange("NEW", shards=2)]
    assert wrong(changed, skus=split) == [("skus[0].shards", "shards_by_sku")]
    no = ("请在库存页调整分片数", "of an existing SKU change by themselves")
    assert words(changed, skus=split) == no


def test_specs_of_a_sku_take_at_most_240_bytes() -> None:
    fits, long = {"s": "x" * 232}, {"s": "x" * 233}
    for act, sku in ((made, SkuDraft), (changed, SkuChange)):
        act(skus=[sku("CUP", fits)])
        assert wrong(act, skus=[sku("A", long)]) == [("skus[0].specs", "too_long")]
        no = ("规格总长度过长", "must be at most 240 bytes of JSON")
        assert words(act, skus=[sku("A", long)]) == no


def test_stock_of_virtual_goods_comes_from_their_codes() -> None:
    given = [SkuDraft("A"), SkuDraft("B", stock=1)]
    assert wrong(made, kind="virtual", skus=given) == [("skus[1].stock", "stock_comes_from_codes")]
    no = ("虚拟商品的库存来自卡券码", "comes from the codes of virtual goods")
    assert words(made, kind="virtual", skus=given) == no
    virtual = made(kind="virtual", skus=[SkuDraft("CUP")])
    added = [SkuChange("NEW", stock=0), SkuChange("MUG", stock=1)]
    assert wrong(changed, seen=virtual, skus=added) == [("skus[1].stock", "stock_comes_from_codes")]


def test_stock_of_a_known_sku_changes_by_restock_only() -> None:
    given = [SkuChange("NEW"), SkuChange("CUP", stock=0)]
    assert wrong(changed, skus=given) == [("skus[1].stock", "stock_by_restock")]
    given = [SkuChange("MUG", stock=1), SkuChange("CUP", stock=0)]
    assert wrong(changed, skus=given) == [("skus[1].stock", "stock_by_restock")]
    no = ("请通过补货接口调整库存", "of an existing SKU changes by restock only")
    assert words(changed, skus=given) == no


def test_a_product_has_at_most_60_skus() -> None:
    sixty = made(skus=[SkuDraft(f"S{number}", {"n": f"{number}"}) for number in range(60)])
    assert wrong(changed, seen=sixty, skus=[SkuChange("NEW")]) == [("skus", "too_many")]
    no = ("最多 60 个 SKU", "must be at most 60 in all")
    assert words(changed, seen=sixty, skus=[SkuChange("NEW")]) == no


def test_both_titles_take_at_most_200_bytes() -> None:
    made(title=Title("杯" * 40, "x" * 80))
    assert wrong(made, title=Title("杯" * 40, "x" * 81)) == [("title", "too_long")]
    no = ("两种语言合计须在 200 字节以内", "must be at most 200 bytes in all")
    assert words(made, title=Title("杯" * 40, "x" * 81)) == no


def priced(**price: Any) -> list[tuple[str, str]]:
    return wrong(made, price=Price(points=100, **price))


def test_money_is_in_the_stages_currency() -> None:
    dollars = Money(5, "USD")
    assert wrong(made, cost=dollars) == [("cost.currency", "other_currency")]
    assert words(made, cost=dollars) == ("须为 CNY", "must be in CNY")
    assert priced(cash=dollars) == [("price.cash.currency", "other_currency")]
    assert priced(cash_equivalent=dollars) == [("price.cash_equivalent.currency", "other_currency")]
    made(cost=None)
    made(cost=Money(0, "CNY"))


def test_a_price_names_no_cash_of_0() -> None:
    for name in ("cash", "cash_equivalent"):
        assert priced(**{name: Money(0, "CNY")}) == [(f"price.{name}", "out_of_range")]
        made(price=Price(points=100, **{name: Money(1, "CNY")}))
    no = ("须大于 0，或填 null", "must be above 0, or null")
    assert words(made, price=Price(points=1, cash=Money(0, "CNY"))) == no


def test_the_least_points_lie_within_the_price() -> None:
    above = Price(points=100, cash_equivalent=FEN, min_points=101)
    assert wrong(made, price=above) == [("price.min_points", "above_points")]
    assert words(made, price=above) == ("不得大于 points", "must not be above points")
    made(price=Price(points=100, cash_equivalent=FEN, min_points=100))
    made(price=Price(points=100, cash_equivalent=FEN, min_points=7))


def test_fewer_points_need_a_cash_equivalent_for_the_others() -> None:
    assert priced(min_points=7) == [("price.min_points", "needs_cash_equivalent")]
    no = ("须同时设置 cash_equivalent", "needs a cash_equivalent for the other points")
    assert words(made, price=Price(points=100, min_points=7)) == no
    for least in (None, 0, 100):
        made(price=Price(points=100, min_points=least))


def test_every_wrong_field_is_named_at_once() -> None:
    long = {"a": "色" * 40, "b": "色" * 40}
    assert wrong(made, skus=[SkuDraft("A"), SkuDraft("A", specs=long)]) == [
        ("skus[1].sku", "duplicate"),
        ("skus[1].specs", "too_long"),
    ]
