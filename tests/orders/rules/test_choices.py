"""Payable prices: the points with chargeable cash, and the nearest of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns import Planned
from chalicelib.orders.rules.choices import Charge, Pair, choices_of, default_points
from chalicelib.orders.rules.pricing import Terms, cash_of, least_of, most_of, of_units

pytestmark = pytest.mark.pure

TERMS = st.builds(
    lambda quantity, points, least, cash, equivalent: of_units(
        quantity, points, min(points, least), cash, equivalent
    ),
    st.integers(1, 3),
    st.integers(1, 30),
    st.integers(0, 30),
    st.sampled_from([0, 50, 400]),
    st.integers(0, 2_000),
)
LINES = st.lists(TERMS, min_size=1, max_size=2)
CHARGES = st.builds(Charge, st.integers(0, 900), st.none() | st.integers(900, 20_000))
# 100 points or 1,000 fen; at least 10 and at most 700 fen can be charged.
GOODS = choices_of([of_units(1, 100, 0, equivalent=1_000)], Charge(10, 700))


@given(LINES, CHARGES, st.none() | st.integers(1, 3_000))
def test_payable_prices_have_an_amount_that_can_be_charged(
    lines: list[Terms], charge: Charge, off: int | None
) -> None:
    reductions = [] if off is None else [Planned(off, (tuple(range(len(lines))),))]
    choices = choices_of(lines, charge, reductions)
    for points in range(least_of(lines), most_of(lines) + 1):
        cash = cash_of(lines, points, reductions)
        fits = charge.minimum <= cash and (charge.maximum is None or cash <= charge.maximum)
        assert (points in choices) == (not cash or fits)
    assert least_of(lines) - 1 not in choices
    assert most_of(lines) + 1 not in choices


@given(LINES, CHARGES)
def test_ranges_hold_each_payable_price_and_have_one_that_is_not_between_them(
    lines: list[Terms], charge: Charge
) -> None:
    choices = choices_of(lines, charge)
    assert [points for run in choices.runs for points in run] == [
        points for points in range(most_of(lines) + 1) if points in choices
    ]
    assert all(below.stop < above.start for below, above in pairwise(choices.runs))


@given(LINES, CHARGES, st.integers(0, 200))
def test_the_nearest_choices_lie_on_both_sides(
    lines: list[Terms], charge: Charge, points: int
) -> None:
    choices = choices_of(lines, charge)
    every = [each for each in range(most_of(lines) + 1) if each in choices]
    assert choices.at_most(points) == max((x for x in every if x <= points), default=None)
    assert choices.at_least(points) == min((x for x in every if x >= points), default=None)
    assert choices.fewest == (every[0] if every else None)


def test_points_leave_chargeable_cash_within_one_range() -> None:
    assert (GOODS.with_cash, GOODS.without) == (range(30, 100), range(100, 101))
    assert GOODS.runs == [range(30, 101)]
    gap = choices_of([of_units(1, 100, 0, equivalent=1_000)], Charge(30, 700))
    assert gap.runs == [range(30, 98), range(100, 101)]
    only = choices_of([of_units(1, 100, 100)], Charge(10, 700))
    assert only.runs == [range(100, 101)]
    nothing = choices_of([of_units(1, 100, 100, cash=5)], Charge(10, 700))
    assert (nothing.runs, nothing.fewest) == ([], None)


def test_all_cash_up_to_the_minimum_cannot_be_charged() -> None:
    choices = choices_of([of_units(1, 100, 0, equivalent=100)], Charge(3, None))
    assert [points for points in range(101) if points not in choices] == [98, 99]
    free = choices_of([of_units(1, 100, 0, equivalent=100)], Charge(0, None))
    assert all(points in free for points in range(101))


def test_the_nearest_prices_are_within_the_available_points() -> None:
    assert GOODS.near(20, 100) == (GOODS.pair(30),)
    assert GOODS.near(20, 29) == ()
    assert GOODS.near(20, 30) == (Pair(30, 700),)
    assert GOODS.near(50, 40) == (Pair(40, 600),)
    assert GOODS.near(50, 90) == (Pair(50, 500),)
    gap = choices_of([of_units(1, 100, 0, equivalent=100)], Charge(3, None))
    assert gap.near(98, 100) == (Pair(97, 3), Pair(100, 0))
    assert gap.near(98, 99) == (Pair(97, 3),)
    assert [gap.at_least(points) for points in (96, 97, 98, 100, 101)] == [96, 97, 100, 100, None]
    assert all(low.points < high.points for low, high in pairwise(gap.near(98, 100)))


def test_a_member_pays_as_many_points_as_the_balance_and_the_price_allow() -> None:
    assert default_points(GOODS, 500) == 100
    assert default_points(GOODS, 64) == 64
    assert default_points(GOODS, 29) == 30
    assert default_points(GOODS, 0) == 30


def test_without_chargeable_cash_points_stay_within_their_bounds() -> None:
    nothing = choices_of([of_units(1, 100, 40, cash=1, equivalent=1)], Charge(10, 700))
    assert [default_points(nothing, available) for available in (0, 41, 100, 101)] == [
        40,
        41,
        100,
        100,
    ]


def test_with_an_amount_off_no_point_pays_for_nothing() -> None:
    line = of_units(1, 100, 0, equivalent=1_000)
    off = choices_of([line], Charge(10, 1_000), [Planned(300, ((0,),))])
    assert (off.with_cash, off.without) == (range(70), range(70, 101))
    assert [default_points(off, available) for available in (500, 70, 69, 0)] == [70, 70, 69, 0]
    assert 100 in off
