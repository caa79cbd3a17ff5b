"""What holds for any cart, any campaigns, any coupon, any choice of points, any returns."""

from __future__ import annotations

import random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.definitions import Campaign
from chalicelib.campaigns.rules.eligibility import Left
from chalicelib.campaigns.rules.lines import Line, LineTerms, part
from chalicelib.campaigns.rules.pricing import Priced, price
from chalicelib.campaigns.rules.sets import compile_campaigns
from chalicelib.campaigns.rules.settling import dues, planned, reduced, to_pay
from chalicelib.campaigns.rules.steps import Reduction, cash_of, points_of
from chalicelib.catalog import Freight
from chalicelib.coupons import Coupon
from tests.campaigns.rules.carts import AT
from tests.campaigns.rules.making import BUYERS, FREIGHT, LEFT, carts, coupons, several_campaigns

pytestmark = pytest.mark.pure


class Case(NamedTuple):
    lines: list[Line]
    buyer: Buyer
    campaigns: list[Campaign]
    coupon: Coupon | None
    freight: Freight
    left: dict[str, Left]

    def price(self) -> Priced:
        chosen = compile_campaigns(self.campaigns)
        return price(self.lines, self.buyer, chosen, self.coupon, AT, self.freight, left=self.left)


CASES = st.builds(Case, carts(), BUYERS, several_campaigns(), st.none() | coupons(), FREIGHT, LEFT)
SHARES = st.fractions(0, 1)


def _chosen(priced: Priced, share: object) -> int:
    assert hasattr(share, "numerator")
    return priced.least + int((priced.most - priced.least) * share)  # type: ignore[operator]


@given(CASES, SHARES)
def test_no_part_of_a_price_is_negative(case: Case, share: object) -> None:
    priced = case.price()
    settled = priced.settle(_chosen(priced, share))
    for terms, paid in zip(priced.terms, settled.lines, strict=True):
        assert 0 <= terms.least <= terms.points
        assert min(terms.cash, terms.equivalent or 0, *paid) >= 0
    assert min(priced.freight) >= 0
    for discount in settled.discounts:
        assert all(saving.points >= 0 and saving.cash >= 0 for saving in discount.savings)


@given(CASES, SHARES)
def test_lines_and_savings_sum_to_the_whole_exactly(case: Case, share: object) -> None:
    priced = case.price()
    points = _chosen(priced, share)
    settled = priced.settle(points)
    assert (settled.points, settled.cash) == (points, priced.cash_due(points))
    cut = [[0, 0, 0] for _ in case.lines]
    for step in priced.steps:
        for each in step.outcome.cuts:
            for place, amount in enumerate(each[1:]):
                cut[each.at][place] += amount
    for line, terms, (less_points, less_cash, less_equivalent) in zip(
        case.lines, priced.terms, cut, strict=True
    ):
        listed = LineTerms.of(line)
        assert listed.points == terms.points + less_points
        assert listed.cash == terms.cash + less_cash
        assert (listed.equivalent or 0) == (terms.equivalent or 0) + less_equivalent


@given(CASES)
def test_at_all_points_the_price_and_its_savings_are_the_list_price(case: Case) -> None:
    priced = case.price()
    settled = priced.settle(priced.most)
    for at, line in enumerate(case.lines):
        saved = [each for one in settled.discounts for each in one.savings if each.at == at]
        paid, listed = settled.lines[at], LineTerms.of(line)
        assert paid.points + sum(each.points for each in saved) == listed.points
        assert paid.cash + sum(each.cash for each in saved) == listed.cash


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_campaigns_changes_nothing(case: Case, chance: random.Random) -> None:
    shuffled = list(case.campaigns)
    chance.shuffle(shuffled)
    assert case._replace(campaigns=shuffled).price() == case.price()


@given(CASES, coupons())
def test_a_coupon_never_makes_a_price_worse(case: Case, coupon: Coupon) -> None:
    plain, priced = case._replace(coupon=None).price(), case._replace(coupon=coupon).price()
    assert priced.coupon is not None
    if priced.coupon.outcome.is_applied:
        assert _to_pay(priced) < _to_pay(plain) or priced.most < plain.most
    else:
        assert (priced.terms, priced.freight) == (plain.terms, plain.freight)
        assert list(priced.steps[:-1]) == list(plain.steps)


def _to_pay(priced: Priced) -> int:
    """With all points in cash, or else worth a minor unit, less the points that come back."""
    back = sum(each.outcome.promise.most for each in priced.steps if each.outcome.promise)
    return to_pay(priced.terms, priced.plan, 1_000_000) + sum(priced.freight) - back


@given(CASES)
def test_cash_falls_as_points_rise(case: Case) -> None:
    priced = case.price()
    step = max(1, (priced.most - priced.least) // 40)
    cash = [priced.cash_due(points) for points in range(priced.least, priced.most + 1, step)]
    assert cash == sorted(cash, reverse=True)


@given(CASES)
def test_what_is_left_of_a_campaign_is_never_overrun(case: Case) -> None:
    priced = case.price()
    for points in {priced.least, (priced.least + priced.most) // 2, priced.most}:
        settled = priced.settle(points)
        back = {each.step.id: each.points for each in settled.points_back}
        for discount in settled.discounts:
            left = case.left.get(discount.step.id, Left())
            given_points = discount.points + back.get(discount.step.id, 0)
            assert left.points is None or given_points <= left.points
            assert left.cash is None or discount.cash <= left.cash
            assert given_points <= points_of(discount.step.outcome)
            assert discount.cash <= cash_of(discount.step.outcome)
            assert left.takers != 0
            assert left.orders != 0


@given(CASES, SHARES, st.lists(st.integers(1, 3), min_size=1, max_size=9))
def test_returns_give_back_what_was_paid_and_never_more(
    case: Case, share: object, units: list[int]
) -> None:
    """Whatever is returned, unit by unit: of price, of each discount, of points that came back."""
    priced = case.price()
    settled = priced.settle(_chosen(priced, share))
    shares = [each for one in settled.discounts for each in one.savings]
    back = [each for one in settled.points_back for each in one.by_line]
    for at, line in enumerate(case.lines):
        amounts = [*settled.lines[at]]
        amounts += [each.points for each in (*shares, *back) if each.at == at]
        amounts += [each.cash for each in shares if each.at == at]
        for amount in amounts:
            given_back = gone = 0
            for some in units:
                more = min(some, line.quantity - gone)
                given_back += part(amount, line.quantity, gone, more)
                gone += more
                assert 0 <= given_back <= amount
            given_back += part(amount, line.quantity, gone, line.quantity - gone)
            assert given_back == amount


@given(
    st.lists(st.integers(0, 40), min_size=4, max_size=4),
    st.lists(
        st.builds(
            Reduction,
            st.integers(0, 60),
            st.lists(st.integers(0, 3), min_size=1, unique=True).map(tuple),
        ),
        max_size=4,
    ),
    st.integers(0, 3),
)
def test_less_that_is_due_for_a_line_never_makes_the_whole_dearer(
    due: list[int], reductions: list[Reduction], at: int
) -> None:
    """However the scopes of amounts off cross."""
    less = [max(0, each - (place == at)) for place, each in enumerate(due)]

    def whole(amounts: list[int]) -> int:
        taken = reduced(amounts, planned(reductions))
        return sum(amounts) - sum(sum(each.values()) for each in taken)

    assert 0 <= whole(less) <= whole(due)


@given(CASES, SHARES)
def test_reductions_take_their_amount_or_all_that_is_due(case: Case, share: object) -> None:
    priced = case.price()
    due = dues(priced.terms, _chosen(priced, share))
    for one, shares in zip(priced.plan, reduced(due, priced.plan), strict=True):
        for at, some in shares.items():
            due[at] -= some
        assert min(due) >= 0
        assert sum(shares.values()) == one.amount or not any(due[at] for at in shares)
