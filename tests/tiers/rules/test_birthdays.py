"""Birthdays: when the gift of one is due, 29 February among them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tiers.rules.birthdays import day_in, due_at, last_year_done
from chalicelib.tiers.rules.standing import Standing, born, gift_year
from tests.tiers.rules.ladders import SHANGHAI, at

pytestmark = pytest.mark.pure


def test_who_was_born_on_29_february_has_a_birthday_each_year() -> None:
    assert [day_in("02-29", year) for year in (2027, 2028)] == [
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


@given(
    st.dates(date(2026, 1, 1), date(2031, 12, 31)), st.dates(date(2024, 1, 1), date(2024, 12, 31))
)
def test_the_next_gift_is_within_a_year_and_never_before_it_was_told(
    told: date, birth: date
) -> None:
    birthday = f"{birth:%m-%d}"
    now = datetime(told.year, told.month, told.day, 12, tzinfo=SHANGHAI)
    due = due_at(birthday, last_year_done(birthday, now, SHANGHAI), SHANGHAI).date()
    assert told <= due
    assert (due - told).days <= 366
    assert due == day_in(birthday, due.year)


def test_a_gift_is_due_from_the_first_moment_of_the_day_and_once_a_year() -> None:
    seen = born(Standing(member_id="mbr_1"), "06-18", at("2026-06-17 23:59"))
    assert gift_year(seen, at("2026-06-17 23:59")) is None
    assert gift_year(seen, at("2026-06-18 00:00")) == 2026
    given = Standing(member_id="mbr_1", birthday="06-18", gifted_year=2026)
    assert gift_year(given, at("2026-12-31 23:59")) is None
    assert gift_year(given, at("2027-06-18 00:00")) == 2027


def test_a_birthday_that_is_told_after_its_day_waits_for_the_next_year() -> None:
    seen = born(Standing(member_id="mbr_1"), "06-18", at("2026-06-19 00:00"))
    assert gift_year(seen, at("2026-06-20 00:00")) is None
    assert gift_year(seen, at("2027-06-18 00:00")) == 2027


def test_a_birthday_that_moves_gives_no_second_gift_in_a_year() -> None:
    given = Standing(member_id="mbr_1", birthday="06-18", gifted_year=2026)
    moved = born(given, "12-01", at("2026-11-01 12:00"))
    assert gift_year(moved, at("2026-12-01 00:00")) is None
    assert gift_year(moved, at("2027-12-01 00:00")) == 2027
