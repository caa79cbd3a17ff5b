"""Prices and limits of a time and of a tier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.rules.terms import (
    NO_TERMS,
    Terms,
    TierLimits,
    TimedPrice,
    UnitPrice,
    limits_at,
    price_at,
    shown_price_at,
)
from chalicelib.kernel.money import Money

pytestmark = pytest.mark.pure

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAIN = UnitPrice(1000, 1000, 0, None)
MIXED = UnitPrice(1000, 200, 500, 9900)


def sale(begins: datetime, points: int = 600, **other: Money | int) -> TimedPrice:
    return TimedPrice(from_=begins, until=begins + HOUR, points=points, **other)


def test_goods_without_rare_terms_have_their_usual_price() -> None:
    for usual in (PLAIN, MIXED):
        assert price_at(usual, NO_TERMS, "gold", NOW) == usual


def test_a_price_for_a_time_holds_from_its_first_moment_to_before_its_end() -> None:
    terms = Terms(timed_prices=[sale(NOW)])
    assert price_at(PLAIN, terms, "normal", NOW).points == 600
    assert price_at(PLAIN, terms, "normal", NOW + HOUR) == PLAIN
    assert price_at(PLAIN, terms, "normal", NOW - timedelta(microseconds=1)) == PLAIN


def test_a_price_for_a_time_replaces_the_whole_price() -> None:
    assert price_at(MIXED, Terms(timed_prices=[sale(NOW)]), "normal", NOW) == (600, 600, 0, None)
    equivalent = Money(5000, "CNY")
    mixed = sale(NOW, cash=Money(7, "CNY"), cash_equivalent=equivalent, min_points=10)
    terms = Terms(timed_prices=[mixed])
    assert price_at(PLAIN, terms, "normal", NOW) == (600, 10, 7, 5000)


def test_a_tier_takes_its_points_and_cash_in_proportion() -> None:
    terms = Terms(tier_points={"gold": 800, "diamond": 100})
    assert price_at(PLAIN, terms, "normal", NOW) == PLAIN
    assert price_at(PLAIN, terms, "gold", NOW) == (800, 800, 0, None)
    assert price_at(MIXED, terms, "gold", NOW) == (800, 200, 500, 7920)
    assert price_at(MIXED, terms, "diamond", NOW) == (100, 100, 500, 990)


def test_a_member_pays_the_lower_of_the_tiers_points_and_those_of_a_time() -> None:
    terms = Terms(tier_points={"gold": 800, "diamond": 500}, timed_prices=[sale(NOW)])
    points = [price_at(PLAIN, terms, tier, NOW).points for tier in ("normal", "gold", "diamond")]
    assert points == [600, 600, 500]


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 10**10))
def test_a_tier_never_pays_less_for_a_point_than_others(
    points: int, tiers: int, equivalent: int
) -> None:
    usual = UnitPrice(points, 0, 0, equivalent)
    price = price_at(usual, Terms(tier_points={"gold": tiers}), "gold", NOW)
    assert price.points <= points
    assert price.equivalent is not None
    assert (
        equivalent * price.points
        <= price.equivalent * points
        < (equivalent * price.points + points)
    )


def test_the_shown_price_for_a_time_is_the_running_one_or_the_next() -> None:
    first, second = sale(NOW), sale(NOW + 3 * HOUR)
    shown = [shown_price_at([first, second], NOW + hours * HOUR) for hours in (-1, 0, 1, 3, 4)]
    assert shown == [first, first, second, second, None]


def test_limits_of_a_tier_stand_in_place_of_those_of_all() -> None:
    terms = Terms(
        per_member_day=1,
        per_member_month=3,
        tier_limits={"gold": TierLimits(per_member=9, per_member_day=2)},
    )
    usual = TierLimits(per_member=5, per_order=4)
    assert limits_at(terms, "normal", usual) == TierLimits(
        per_member=5, per_member_day=1, per_member_month=3, per_order=4
    )
    assert limits_at(terms, "gold", usual) == TierLimits(
        per_member=9, per_member_day=2, per_member_month=3, per_order=4
    )
