"""Prices: no point and no fen is lost or made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns import Planned
from chalicelib.campaigns.rules.lines import part
from chalicelib.campaigns.rules.settling import points_by_line
from chalicelib.orders.rules.pricing import (
    Terms,
    cash_of,
    least_of,
    most_of,
    of_units,
)

pytestmark = pytest.mark.pure

CUP = of_units(3, 100, 40, cash=500, equivalent=333)
BOOK = of_units(2, 10, 0, cash=0, equivalent=99)


def test_a_line_costs_its_units_times_the_unit_price() -> None:
    assert (CUP.points, CUP.least) == (300, 120)
    assert (most_of([CUP, BOOK]), least_of([CUP, BOOK])) == (320, 120)


def test_cash_replaces_points_and_each_line_is_rounded_up_once() -> None:
    assert CUP.cash_beside(300) == 1_500
    assert CUP.cash_beside(299) == 1_500 + 4
    assert CUP.cash_beside(120) == 1_500 + 600
    assert CUP.cash_beside(120) == 1_500 + -(-333 * 180 // 100)


def test_without_an_equivalent_no_cash_replaces_points() -> None:
    assert of_units(2, 100, 100, cash=7).cash_beside(200) == 14
    assert of_units(2, 100, 0, cash=7).cash_beside(0) == 14


def test_each_line_gets_its_least_points_and_then_the_rest_in_order() -> None:
    assert points_by_line([CUP, BOOK], 120) == [120, 0]
    assert points_by_line([CUP, BOOK], 121) == [121, 0]
    assert points_by_line([CUP, BOOK], 305) == [300, 5]
    assert points_by_line([BOOK, CUP], 130) == [10, 120]
    assert points_by_line([CUP, BOOK], 320) == [300, 20]


def test_more_points_than_the_price_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(AssertionError, match=r"^nobody offers more than the goods cost$"):
        points_by_line([CUP, BOOK], 321)


def test_the_cash_of_an_order_is_the_sum_of_its_lines() -> None:
    assert cash_of([CUP, BOOK], 305) == CUP.cash_beside(300) + BOOK.cash_beside(5)
    assert cash_of([CUP, BOOK], 120) == CUP.cash_beside(120) + BOOK.cash_beside(0)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_shares_of_all_units_sum_to_the_line(amount: int, units: list[int]) -> None:
    quantity = sum(units) or 1
    shares = [part(amount, quantity, sum(units[:at]), more) for at, more in enumerate(units)]
    assert sum(shares) == (amount if sum(units) else 0)
    assert all(share >= 0 for share in shares)


LINES = st.lists(
    st.builds(
        lambda quantity, points, least, cash, equivalent: (
            quantity,
            points,
            min(points, least),
            cash,
            equivalent,
        ),
        st.integers(1, 99),
        st.integers(1, 10**6),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
        st.none() | st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=5,
)


@given(LINES, st.integers(0, 10**9))
def test_a_line_costs_to_the_fen_what_its_units_cost(
    units: list[tuple[int, int, int, int, int | None]], offered: int
) -> None:
    lines = [of_units(*unit) for unit in units]
    points = max(least_of(lines), min(offered, most_of(lines)))
    shares = points_by_line(lines, points)
    for unit, line, paid in zip(units, lines, shares, strict=True):
        quantity, each, least, fixed, equivalent = unit
        assert least * quantity <= paid <= each * quantity
        replaced = (equivalent or 0) * (each * quantity - paid)
        assert line.cash_beside(paid) == fixed * quantity - (-replaced // each)


def test_a_gift_costs_nothing() -> None:
    assert cash_of([CUP, Terms(1, 0, 0)], 300) == 1_500
    assert points_by_line([Terms(1, 0, 0), CUP], 300) == [0, 300]


@given(LINES, st.integers(0, 10**6), st.data())
def test_cash_due_falls_as_points_rise_whatever_is_off(
    units: list[tuple[int, int, int, int, int | None]], amount: int, data: st.DataObject
) -> None:
    lines = [of_units(*unit) for unit in units]
    some = data.draw(st.sets(st.integers(0, len(lines) - 1)).map(sorted))
    off = [Planned(amount, (tuple(some),)), Planned(amount // 2, (tuple(range(len(lines))),))]
    fewer = data.draw(st.integers(least_of(lines), most_of(lines)))
    more = data.draw(st.integers(fewer, most_of(lines)))
    assert cash_of(lines, fewer, off) >= cash_of(lines, more, off) >= 0
