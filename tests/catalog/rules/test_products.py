"""Products on their shelves, in their time of sale, and the words of a refusal to sell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.catalog.errors import ON_SALE_LATER, SOME_LEFT
from chalicelib.catalog.rules import offers, products, stock
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.products import Limits, Localized, Price, Product, Sku
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import Money

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
NOW_MS = clock.to_ms(NOW)
MS = timedelta(milliseconds=1)


def product(**other: Any) -> Product:
    given: dict[str, Any] = {
        "id": "prd_1",
        "version": 1,
        "title": Localized("杯", "Cup"),
        "description": Localized("", ""),
        "kind": "virtual",
        "category": "home",
        "brand": None,
        "scene": [],
        "pictures": [],
        "price": Price(points=100),
        "cost": None,
        "limits": Limits(),
        "status": "on_sale",
        "on_sale_from": None,
        "on_sale_until": None,
        "skus": [Sku("CUP", {})],
        "created_at": NOW,
        "updated_at": NOW,
    } | other
    return Product(**given)


def offer(**other: Any) -> Offer:
    given: dict[str, Any] = {
        "sku": "CUP",
        "product_id": "prd_1",
        "kind": "virtual",
        "title": Localized("杯", "Cup"),
        "points": 100,
        "least_points": 0,
        "cash": 0,
        "cash_equivalent": None,
        "cost": None,
        "per_member": None,
        "per_order": None,
        "status": "on_sale",
        "on_sale_from_ms": None,
        "on_sale_until_ms": None,
        "terms_version": 1,
        "available": 9,
        "specs": {},
    } | other
    return Offer(**given)


def test_a_text_is_shown_in_the_readers_language_or_in_the_other() -> None:
    both = Localized("杯", "Cup")
    assert (both.in_language("en"), both.in_language("zh-CN")) == ("Cup", "杯")
    assert Localized("杯", "").in_language("en") == "杯"
    assert Localized("", "Cup").in_language("zh-CN") == "Cup"


def test_without_a_cash_equivalent_all_points_must_be_paid() -> None:
    cash = Money(1, "CNY")
    assert Price(points=100, min_points=5).least_points == 100
    assert Price(points=100, min_points=5, cash_equivalent=cash).least_points == 5
    assert Price(points=100, cash_equivalent=cash).least_points == 0


def test_a_time_of_sale_includes_its_beginning_and_not_its_end() -> None:
    within = products.within
    assert within(NOW, None, None)
    assert within(NOW, NOW_MS, NOW_MS + 1)
    assert not within(NOW, NOW_MS + 1, None)
    assert not within(NOW, None, NOW_MS)
    assert within(NOW, None, NOW_MS + 1)


def test_the_public_sees_a_product_in_its_time_of_sale() -> None:
    assert product().shown(NOW)
    assert not product(status="draft").shown(NOW)
    assert product(on_sale_from=NOW, on_sale_until=NOW + MS).shown(NOW)
    assert not product(on_sale_from=NOW + MS).shown(NOW)
    assert not product(on_sale_until=NOW).shown(NOW)
    assert products.window_ms(product(on_sale_from=NOW)) == (NOW_MS, None)
    assert products.window_ms(product(on_sale_until=NOW)) == (None, NOW_MS)


def test_an_offer_is_valid_in_its_time_of_sale() -> None:
    assert offer(on_sale_from_ms=NOW_MS, on_sale_until_ms=NOW_MS + 1).on_sale(NOW)
    assert not offer(status="off_sale").on_sale(NOW)
    assert not offer(on_sale_from_ms=NOW_MS + 1).on_sale(NOW)
    assert not offer(on_sale_until_ms=NOW_MS).on_sale(NOW)


def test_a_product_stands_on_a_shelf_for_each_pair_of_filters() -> None:
    assert product().shelves() == {"all", "cat:home", "kind:virtual", "cat:home:kind:virtual"}
    assert product(status="off_sale").shelves() == set()
    assert products.shelf() == "all"
    assert products.shelf(category="home", kind="service") == "cat:home:kind:service"


def test_a_list_shows_the_first_picture_of_a_product() -> None:
    assert product(pictures=["a", "b"]).picture == "a"
    assert product().picture is None


@pytest.mark.parametrize(
    ("available", "status"),
    [(-1, "sold_out"), (0, "sold_out"), (1, "low"), (10, "low"), (11, "in_stock")],
)
def test_ten_units_or_fewer_are_low_stock(available: int, status: str) -> None:
    assert products.stock_status(available) == status


def test_a_refusal_of_too_many_units_names_the_units_left() -> None:
    some = stock.out_of_stock(offer(available=1))
    assert some.facts == {"sku": "CUP", "available": 1}
    assert some.detail("en") == SOME_LEFT.in_language("en", title="Cup", available=1)
    assert some.detail("zh-CN") == SOME_LEFT.in_language("zh-CN", title="杯", available=1)
    for available in (0, -1):
        none = stock.out_of_stock(offer(available=available))
        assert none.detail("en") == none.hint.in_language("en", title="Cup")


def test_a_refusal_before_a_sale_names_the_time_of_its_beginning() -> None:
    later = offers.not_on_sale(offer(on_sale_from_ms=NOW_MS + 1), NOW)
    assert later.facts == {"sku": "CUP"}
    at = clock.shown(clock.from_ms(NOW_MS + 1))
    assert later.detail("en") == ON_SALE_LATER.in_language("en", title="Cup", at=at)
    for plain in (
        offer(status="draft", on_sale_from_ms=NOW_MS + 1),
        offer(),
        offer(on_sale_from_ms=NOW_MS),
    ):
        refused = offers.not_on_sale(plain, NOW)
        assert refused.facts == {"sku": "CUP"}
        assert refused.detail("en") == refused.hint.in_language("en", title="Cup")
    assert offers.title_of(offer()) == Words("杯", "Cup")


def test_words_are_stored_by_their_language() -> None:
    assert msgspec.json.encode(Localized("杯", "Cup")) == '{"zh-CN":"杯","en":"Cup"}'.encode()
