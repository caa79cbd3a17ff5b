"""What was sold by orders, and how goods are ranked by it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.kernel.clock import end_of, to_ms
from chalicelib.orders.rules.sales import WINDOWS, Sold, Stocked, rank, sold_by
from tests.orders.rules.making import A, B, order

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 30)
OLD_MS = to_ms(end_of(date(2026, 9, 1)))


def product(**given: object) -> Stocked:
    made = Stocked(
        product_id="p",
        title_zh="杯",
        title_en="Cup",
        kind="physical",
        category="c",
        status="on_sale",
        created_at_ms=OLD_MS,
        stock=10,
        stock_cost=1000,
    )
    return replace(made, **given)


@pytest.mark.parametrize("status", ["awaiting_payment", "cancelled", "rejected"])
def test_an_order_that_came_to_nothing_sold_nothing(status: str) -> None:
    assert sold_by([order(status)]) == {}


def test_refunded_units_were_not_sold_and_cost_nothing() -> None:
    line = replace(A, quantity=3, refunded=1, cost=300)
    one = replace(order("completed"), lines=(line, B))
    found = sold_by([one, one])
    assert found[A.product_id] == Sold(4, 400)
    assert sold_by([replace(one, lines=(replace(line, refunded=3),))]) == {}


def test_a_product_lasts_as_long_as_its_pace_says() -> None:
    sold = {TODAY: {"p": Sold(2, 200)}, TODAY - timedelta(days=29): {"p": Sold(1, 100)}}
    week, month, quarter = rank([product()], sold, TODAY)
    assert (week.window, week.units, week.days_left, week.turnover) == (7, 2, 35, 20)
    assert (month.units, month.days_left, month.turnover) == (3, 100, 30)
    assert (quarter.units, quarter.last_sold) == (3, "2026-11-30")
    assert not any(each.suggested for each in (week, month, quarter))


def test_what_nobody_buys_is_suggested_for_removal_unless_it_is_new_or_gone() -> None:
    [slow, _, _] = rank([product()], {}, TODAY)
    assert (slow.suggested, slow.days_left, slow.last_sold) == (True, None, None)
    new = to_ms(end_of(TODAY - timedelta(days=20)))
    for other in ({"created_at_ms": new}, {"stock": 0}, {"status": "off_sale"}):
        assert not rank([product(**other)], {}, TODAY)[0].suggested


@given(st.dictionaries(st.integers(0, 120), st.integers(1, 9), max_size=20))
def test_each_window_counts_its_days_alone(units: dict[int, int]) -> None:
    sold = {TODAY - timedelta(days=back): {"p": Sold(n, n)} for back, n in units.items()}
    for found, window in zip(rank([product()], sold, TODAY), WINDOWS, strict=True):
        assert found.units == sum(n for back, n in units.items() if back < window)
