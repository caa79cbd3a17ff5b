"""The price engine, by examples that a person can follow."""

from __future__ import annotations

import pytest

from chalicelib.campaigns.rules.settling import Paid
from chalicelib.campaigns.rules.steps import Gift
from chalicelib.catalog import Freight
from tests.campaigns.rules.carts import campaign, coupon, line, priced

pytestmark = pytest.mark.pure


def test_a_cart_without_campaigns_costs_what_the_list_says() -> None:
    cart = [line("CUP", 800, quantity=2), line("POT", 500, cash=1_990)]
    found = priced(cart)
    assert (found.least, found.most, found.cash_due(2_100)) == (0, 2_100, 1_990)
    assert found.steps == []
    assert found.settle(2_100).lines == (Paid(1_600, 0), Paid(500, 1_990))


def test_the_cheapest_price_wins_and_never_two() -> None:
    cart = [line("CUP", 800, quantity=2, equivalent=8_000)]
    dear = campaign("price", {"prices": [{"sku": "CUP", "points": 700}]}, id="cam_dear", priority=9)
    cheap = campaign("flash_sale", {"percent_off": 25}, id="cam_cheap")
    found = priced(cart, dear, cheap)
    assert found.most == 1_200
    assert [(each.id, each.outcome.reason) for each in found.steps] == [
        ("cam_dear", "lower_price_by"),
        ("cam_cheap", "applied"),
    ]
    assert found.steps[0].outcome.other == "cam_cheap"
    assert found.cash_due(0) == 12_000


def test_50_off_300_is_shared_by_three_lines_to_the_cent() -> None:
    cart = [line("A", cash=9_999), line("B", cash=9_999), line("C", cash=10_002)]
    off = campaign(
        "full_reduction", {"unit": "cash", "steps": [{"at_least": 30_000, "off": 5_000}]}
    )
    found = priced(cart, off).settle(0)
    assert [each.cash for each in found.lines] == [8_332, 8_333, 8_335]
    assert found.cash == 25_000
    (discount,) = found.discounts
    assert [each.cash for each in discount.savings] == [1_667, 1_666, 1_667]


def test_a_cart_of_a_cent_less_is_below_the_step_and_told_what_is_missing() -> None:
    off = campaign(
        "full_reduction", {"unit": "cash", "steps": [{"at_least": 30_000, "off": 5_000}]}
    )
    found = priced([line("A", cash=29_999)], off)
    (step,) = found.steps
    assert (step.outcome.reason, step.outcome.missing) == ("below_threshold", 1)
    assert found.cash_due(0) == 29_999


def test_a_percent_stops_at_its_cap() -> None:
    cart = [line("A", 1_000, cash=1_000), line("B", 3_000)]
    found = priced(cart, coupon=coupon("percent_off", percent=20, cap_points=500))
    assert found.settle(found.most).lines == (Paid(875, 800), Paid(2_625, 0))


def test_an_amount_off_is_never_above_the_cash_due() -> None:
    cart = [line("A", 1_000, equivalent=9_900)]
    found = priced(cart, coupon=coupon("amount_off", amount=5_000))
    assert [found.cash_due(points) for points in (0, 500, 1_000)] == [4_900, 0, 0]


def test_points_off_lower_the_cash_that_replaces_them() -> None:
    cart = [line("A", 1_000, equivalent=9_900)]
    found = priced(cart, coupon=coupon("points_off", amount=100))
    assert (found.most, found.cash_due(0), found.cash_due(450)) == (900, 8_910, 4_455)
    half = found.settle(450).discounts[0]
    assert (half.points, half.cash) == (50, 495)


def test_free_freight_and_a_gift_are_told() -> None:
    cart = [line("A", 1_000)]
    free = priced(cart, coupon=coupon("free_freight"), freight=Freight(0, 800))
    assert free.freight == Freight()
    given = priced(cart, coupon=coupon("gift", gift_sku="MUG"))
    assert given.coupon is not None
    assert given.coupon.outcome.gift == Gift("MUG", 1)
