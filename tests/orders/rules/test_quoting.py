"""Quotes: the price of goods today, or the nearest one that the member can pay."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.catalog import Offer
from chalicelib.catalog.rules.products import Localized
from chalicelib.kernel.errors import Invalid, JifenError
from chalicelib.kernel.money import Money
from chalicelib.ledger import InsufficientPoints
from chalicelib.orders.errors import CashAboveMaximum, CashBelowMinimum, MixedKinds, PriceChanged
from chalicelib.orders.rules import OrderLine
from chalicelib.orders.rules.choices import Pair
from chalicelib.orders.rules.goods import NO_GOODS
from chalicelib.orders.rules.quoting import Quote, Request, Wanted, insufficient, priced

pytestmark = pytest.mark.pure

MAXIMUM = 99_999_999


def cup(**other: Any) -> Offer:
    """100 points, or 1,000 fen for all of them; 200 fen besides; it costs us 70."""
    terms: dict[str, Any] = {
        "sku": "CUP",
        "product_id": "prd_1",
        "kind": "virtual",
        "title": Localized("杯", "Cup"),
        "points": 100,
        "least_points": 0,
        "cash": 200,
        "cash_equivalent": 1_000,
        "cost": 70,
        "per_member": 5,
        "per_order": None,
        "status": "on_sale",
        "on_sale_from_ms": None,
        "on_sale_until_ms": None,
        "terms_version": 1,
        "available": 9,
        "specs": {},
    }
    return Offer(**terms | other)


def quote(*offers: Offer, available: int = 1_000, quantity: int = 1, **asked: Any) -> Quote:
    items = [Wanted(offer.sku, quantity) for offer in offers]
    return priced(Request("mbr_1", items, **asked), offers, available)


def refused(kind: type[JifenError], *offers: Offer, **asked: Any) -> Any:
    with pytest.raises(kind) as found:
        quote(*offers, **asked)
    return found.value


def shown(*pairs: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"points": points, "cash": Money(cash, "CNY")} for points, cash in pairs]


PLAIN = {"cash": 0, "cash_equivalent": None, "least_points": 100}


def test_a_quote_shows_each_line_as_it_would_be_ordered() -> None:
    book = cup(
        sku="BOOK",
        product_id="prd_2",
        title=Localized("书", "Book"),
        cost=None,
        per_member=None,
        **PLAIN,
    )
    found = quote(cup(), book, quantity=2, points=350)
    assert found._replace(goods=NO_GOODS) == Quote(
        "virtual",
        (
            OrderLine("CUP", "prd_1", "杯", "Cup", 2, 150, 5, 400 + 500, 140),
            OrderLine("BOOK", "prd_2", "书", "Book", 2, 200, None, 0, None),
        ),
        350,
        900,
        0,
        payable=(range(200, 401),),
    )


def test_a_quote_without_points_uses_as_many_as_the_member_has() -> None:
    assert quote(cup(), available=60)[2:6] == (60, 600, 0, ())
    assert quote(cup(), available=500)[2:6] == (80, 400, 0, ())
    least = quote(cup(least_points=40), available=0)
    assert (least.points, least.missing_points) == (40, 40)


def test_a_quote_with_missing_points_offers_other_prices() -> None:
    found = quote(cup(), points=80, available=60)
    assert (found.points, found.missing_points) == (80, 20)
    assert found.instead == (Pair(60, 600),)
    assert quote(cup(), points=60, available=60).instead == ()


def test_each_item_has_one_offer() -> None:
    for items in ([], [Wanted("CUP", 1), Wanted("TEA", 1)]):
        with pytest.raises(ValueError, match="zip"):
            priced(Request("mbr_1", items), [cup()], 1_000)


def test_goods_of_two_kinds_have_no_quote() -> None:
    refused(MixedKinds, cup(), cup(sku="TEA", kind="physical"))


@pytest.mark.parametrize(
    ("offer", "points", "zh", "en"),
    [
        (cup(**PLAIN), 99, "可使用 100 积分", "these goods take 100 points"),
        (cup(**PLAIN), 101, "可使用 100 积分", "these goods take 100 points"),
        (cup(least_points=10, cash=400), 9, "可使用 10 至 100 积分",
         "these goods take 10 to 100 points"),
        (cup(cash=0), 101, "可使用 0 至 60，或 100 积分",
         "these goods take 0 to 60, or 100 points"),
        (cup(cash=1, cash_equivalent=None, least_points=50), 49, "可使用 50 至 100 积分",
         "these goods take 50 to 100 points"),
        (cup(least_points=99, cash=400), 98, "可使用 99 至 100 积分",
         "these goods take 99 to 100 points"),
    ],
)  # fmt: skip
def test_points_other_than_the_price_are_refused_with_the_price(
    offer: Offer, points: int, zh: str, en: str
) -> None:
    (field,) = refused(Invalid, offer, points=points).fields
    assert (field.field, field.code) == ("points", "not_the_price")
    assert (field.message.zh, field.message.en) == (zh, en)


@pytest.mark.parametrize(
    "expected",
    [(100, Money(500, "CNY")), (99, Money(400, "CNY")), (100, None), (100, Money(400, "USD"))],
)
def test_an_unexpected_price_is_refused_with_the_current_one(expected: Any) -> None:
    error = refused(PriceChanged, cup(cash=400), points=100, expected=expected)
    assert error.facts == {"points": 100, "cash": 400, "currency": "CNY"}
    assert error.detail("en") == "It takes 100 points and CNY 4.00"


@pytest.mark.parametrize("cash", [None, Money(0, "CNY"), Money(0, "USD")])
def test_an_expected_cash_of_0_may_be_in_any_currency(cash: Money | None) -> None:
    assert quote(cup(**PLAIN), points=100, expected=(100, cash)).cash == 0
    exact = quote(cup(cash=400), points=100, expected=(100, Money(400, "CNY")))
    assert exact.cash == 400


def test_too_little_cash_is_refused_with_the_nearest_chargeable_price() -> None:
    error = refused(CashBelowMinimum, cup(cash=0), points=61)
    assert error.facts == {
        "minimum": 400,
        "cash": 390,
        "points_options": shown((60, 400), (100, 0)),
    }
    assert error.detail("en") == (
        "At least CNY 4.00 can be charged: pay 60 points and CNY 4.00, or 100 points"
    )
    assert error.detail("zh-CN") == "现金最低支付 ¥4.00：可使用 60 积分和 ¥4.00，或 100 积分"


def test_too_little_cash_of_goods_with_a_fixed_price_suggests_more_units() -> None:
    one_price = {"cash": 399, "cash_equivalent": None, "least_points": 100}
    error = refused(CashBelowMinimum, cup(**one_price))
    assert error.facts == {"minimum": 400, "cash": 399, "points_options": []}
    assert error.detail("en").endswith("order more of it, or other goods together with it")
    by_carrier = refused(CashBelowMinimum, cup(kind="physical", **one_price))
    assert by_carrier.detail("en").endswith("pay on delivery instead")
    assert quote(cup(kind="physical", **one_price), method="cod").cash == 399


def test_too_much_cash_is_refused_with_a_way_out() -> None:
    dear = {"cash": MAXIMUM + 1, "cash_equivalent": None, "least_points": 100}
    error = refused(CashAboveMaximum, cup(**dear))
    assert error.facts == {"maximum": MAXIMUM, "cash": MAXIMUM + 1, "points_options": []}
    assert error.detail("en").endswith("it cannot be paid online")
    assert (
        refused(CashAboveMaximum, cup(kind="physical", **dear))
        .detail("en")
        .endswith("pay on delivery instead")
    )
    assert quote(cup(kind="physical", **dear), method="cod").cash == MAXIMUM + 1


def test_an_order_above_the_maximum_is_to_be_split_if_single_units_can_be_paid() -> None:
    half = {"cash": MAXIMUM // 2 + 1, "cash_equivalent": None, "least_points": 100}
    for kind in ("virtual", "physical"):
        error = refused(CashAboveMaximum, cup(kind=kind, **half), quantity=2)
        assert error.detail("en").endswith("order in parts")
    dear = cup(sku="TEA", cash=MAXIMUM + 1, cash_equivalent=None, least_points=100)
    assert refused(CashAboveMaximum, cup(**half), dear).detail("en").endswith("paid online")


def test_cash_above_the_maximum_is_refused_with_the_least_sufficient_points() -> None:
    offer = cup(cash=0, cash_equivalent=2 * MAXIMUM)
    error = refused(CashAboveMaximum, offer, points=49)
    assert error.facts["points_options"] == shown((50, MAXIMUM))
    assert error.detail("en").endswith("pay 50 points and CNY 999,999.99")


def test_a_member_below_every_price_learns_the_missing_points() -> None:
    offer = cup(cash=0, cash_equivalent=2 * MAXIMUM)
    error = refused(InsufficientPoints, offer, points=0, available=48)
    needed = shown((50, MAXIMUM))[0]
    assert error.facts == {"missing_points": 2, "needed": needed, "points_options": []}


def test_the_refusal_of_missing_points_names_the_price_and_the_payable_points() -> None:
    found = quote(cup(cash=400), points=80, available=60)
    error = insufficient(found, 20)
    assert error.facts == {
        "missing_points": 20,
        "needed": shown((80, 600))[0],
        "points_options": shown((60, 800)),
    }
    assert error.detail("en") == (
        "It takes 80 points and CNY 6.00: 20 more than you have; or pay 60 points and CNY 8.00"
    )
    assert error.detail("zh-CN") == "需要 80 积分和 ¥6.00，还差 20 积分；可使用 60 积分和 ¥8.00"
    bare = insufficient(found._replace(instead=()), 20)
    assert bare.detail("en") == "It takes 80 points and CNY 6.00: 20 more than you have"
    assert bare.detail("zh-CN") == "需要 80 积分和 ¥6.00，还差 20 积分"
