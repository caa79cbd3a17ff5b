"""Check-ins by rule: streaks over months, bonuses, and days that are made up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.earning.errors import AlreadyCheckedIn, CheckInNotMissed, NoMakeUpLeft
from chalicelib.earning.rules import check_ins as rules
from chalicelib.earning.rules.check_ins import CheckedIn, Month
from chalicelib.earning.rules.tasks import CheckInBonus, CheckInTerms, MakeUpTerms

pytestmark = pytest.mark.pure
FIRST = date(2026, 11, 1)
TERMS = CheckInTerms((CheckInBonus(7, 5), CheckInBonus(30, 50)))
MAKE_UP = MakeUpTerms(7, 2)


class Calendar:
    """A member's months as the store would keep them, three of them in sight."""

    def __init__(self) -> None:
        self.months: dict[str, Month] = {}

    def seen(self, today: date) -> dict[str, Month]:
        names = rules.months_to(today)
        return {name: self.months[name] for name in names if name in self.months}

    def check_in(self, day: date, terms: CheckInTerms = TERMS) -> CheckedIn:
        after, done = rules.check_in(self.seen(day), "mbr_x", day, 1, terms, None)
        self.months[after.month] = after
        return done

    def make_up(self, day: date, today: date, terms: MakeUpTerms = MAKE_UP) -> None:
        changed = rules.make_up(self.seen(today), "mbr_x", day, today, FIRST, terms, "k")
        self.months |= {each.month: each for each in changed}

    def streak(self, today: date) -> int:
        return rules.streak_now(self.seen(today), today)

    def days(self) -> set[date]:
        return {
            date.fromisoformat(f"{month.month}-{number:02d}")
            for month in self.months.values()
            for number in month.checked_days()
        }


def run(days: set[date], last: date) -> int:
    """The streak by plain counting."""
    length = 0
    while last - timedelta(days=length) in days:
        length += 1
    return length


@settings(deadline=None, max_examples=50)
@given(st.sets(st.integers(0, 150), max_size=151), st.data())
def test_any_calendar_has_the_streak_that_counting_gives(
    numbers: set[int], data: st.DataObject
) -> None:
    calendar = Calendar()
    for number in sorted(numbers):
        day = FIRST + timedelta(days=number)
        done = calendar.check_in(day)
        assert done.streak_days == run(calendar.days(), day)
        back = data.draw(st.integers(1, 7))
        missed = day - timedelta(days=back)
        if missed >= FIRST and missed not in calendar.days():
            calendar.make_up(missed, day, MakeUpTerms(7, 31))
            assert calendar.streak(day) == run(calendar.days(), day)


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2028, 2, 28), date(2027, 2, 27)])
def test_a_streak_goes_over_the_ends_of_months_and_leap_days(day: date) -> None:
    calendar = Calendar()
    for number in range(4):
        assert calendar.check_in(day + timedelta(days=number)).streak_days == number + 1
    assert calendar.streak(day + timedelta(days=4)) == 4  # one may still check in today
    assert calendar.streak(day + timedelta(days=5)) == 0


def test_a_day_is_checked_in_once() -> None:
    calendar = Calendar()
    calendar.check_in(FIRST)
    with pytest.raises(AlreadyCheckedIn):
        calendar.check_in(FIRST)


def test_a_bonus_comes_each_time_that_so_many_days_are_in_a_row() -> None:
    calendar = Calendar()
    given_on = {
        number + 1: bonus
        for number in range(35)
        if (bonus := calendar.check_in(FIRST + timedelta(days=number)).bonus)
    }
    assert given_on == {7: 5, 14: 5, 21: 5, 28: 5, 30: 50, 35: 5}


def test_a_day_made_up_mends_the_streak_and_the_next_check_in_gives_the_bonus() -> None:
    calendar, missed = Calendar(), FIRST + timedelta(days=6)
    for number in range(6):
        calendar.check_in(FIRST + timedelta(days=number))
    assert calendar.check_in(missed + timedelta(days=1)).streak_days == 1
    calendar.make_up(missed, missed + timedelta(days=1))
    assert calendar.streak(missed + timedelta(days=1)) == 8
    done = calendar.check_in(missed + timedelta(days=2))
    assert (done.streak_days, done.bonus) == (9, 5)


def test_making_days_up_gives_no_bonus_twice_within_its_length() -> None:
    calendar = Calendar()
    for number in range(1, 8):
        calendar.check_in(FIRST + timedelta(days=number))
    calendar.make_up(FIRST, FIRST + timedelta(days=7))
    bonuses = [calendar.check_in(FIRST + timedelta(days=number)).bonus for number in range(8, 16)]
    assert bonuses == [0, 0, 0, 0, 0, 0, 5, 0]


def test_a_day_of_the_month_before_mends_the_streak_of_this_one() -> None:
    calendar = Calendar()
    for day in (date(2026, 11, 29), date(2026, 12, 1), date(2026, 12, 2)):
        calendar.check_in(day)
    calendar.make_up(date(2026, 11, 30), date(2026, 12, 2))
    assert calendar.streak(date(2026, 12, 2)) == 4
    assert calendar.months["2026-12"].carried == 2


def test_only_a_missed_day_of_late_can_be_made_up_and_so_many_a_month() -> None:
    calendar, today = Calendar(), FIRST + timedelta(days=10)
    for day in (today, today + timedelta(days=1), today - timedelta(days=8)):
        with pytest.raises(CheckInNotMissed):
            calendar.make_up(day, today)
    with pytest.raises(CheckInNotMissed):
        calendar.make_up(FIRST - timedelta(days=1), FIRST + timedelta(days=1))
    calendar.make_up(today - timedelta(days=1), today)
    with pytest.raises(AlreadyCheckedIn):
        calendar.make_up(today - timedelta(days=1), today)
    calendar.make_up(today - timedelta(days=2), today)
    assert rules.missed(calendar.seen(today), today, FIRST, MAKE_UP) == []
    with pytest.raises(NoMakeUpLeft):
        calendar.make_up(today - timedelta(days=3), today)


def test_the_days_that_can_be_made_up_begin_when_the_member_registered() -> None:
    today = FIRST + timedelta(days=10)
    found = rules.missed({}, today, today - timedelta(days=2), MAKE_UP)
    assert found == [today - timedelta(days=1), today - timedelta(days=2)]


def test_the_calendar_tells_after_how_many_check_ins_a_bonus_comes() -> None:
    calendar = Calendar()
    for number in range(20):
        day = FIRST + timedelta(days=number)
        told = rules.days_to(calendar.seen(day), "mbr_x", day, 7)
        assert told == 7 - number % 7
        calendar.check_in(day)
