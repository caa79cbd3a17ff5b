"""Totals of days: each opens with the last close and sums each program account."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger.rules.totals import DayTotals, next_day, with_sums
from tests.ledger.rules.making import property_of

pytestmark = pytest.mark.pure

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
SUMS = st.dictionaries(
    st.sampled_from(["issued", "redeemed", "expired", "transfers", "adjusted", "written_off"]),
    st.integers(-1000, 1000),
)


def test_each_program_account_has_a_name_and_a_sign() -> None:
    sums = {
        "issued": 1000,
        "redeemed": -300,
        "expired": -50,
        "transfers": -7,
        "adjusted": -20,
        "written_off": 4,
    }
    day = with_sums(DayTotals(MONDAY, "points", 10, 2), sums, 9)
    assert day == DayTotals(
        MONDAY,
        "points",
        10,
        2,
        accrued=1000,
        redeemed=300,
        expired=50,
        transferred=-7,
        adjusted=-20,
        written_off=4,
        entries=9,
    )
    assert (day.outstanding, day.in_escrow) == (637, 9)


def test_sums_over_rounds_add_up() -> None:
    day = with_sums(DayTotals(MONDAY, "points"), {"issued": 7, "redeemed": -2}, 2)
    more = with_sums(day, {"issued": 5, "redeemed": -1}, 2)
    assert (more.accrued, more.redeemed, more.entries) == (12, 3, 4)


def test_a_day_opens_as_the_last_one_closed() -> None:
    monday = with_sums(DayTotals(MONDAY, "growth"), {"issued": 5, "transfers": -2}, 2)
    assert next_day(monday, TUESDAY) == DayTotals(TUESDAY, "growth", 3, 2)


@property_of
@given(st.lists(st.tuples(SUMS, st.integers(0, 5)), max_size=6))
def test_outstanding_is_the_sum_of_all_movements(days: list[tuple[dict[str, int], int]]) -> None:
    last = DayTotals(MONDAY, "points")
    for sums, entries in days:
        opened = next_day(last, TUESDAY)
        last = with_sums(with_sums(opened, sums, entries), {}, 0)
        assert last.entries == entries
    assert last.outstanding == sum(sum(sums.values()) for sums, _ in days)
    assert last.in_escrow == -sum(sums.get("transfers", 0) for sums, _ in days)
