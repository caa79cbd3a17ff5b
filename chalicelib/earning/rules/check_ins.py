"""Check-ins: the days of a member by month, and how many of them are in a row.

Days are the program's. A month knows the streak that the one before it ended with, so a streak
needs no more than two months, however long it is.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from chalicelib.earning.errors import (
    AlreadyCheckedIn,
    CheckInNotMissed,
    NoMakeUpLeft,
)
from chalicelib.earning.rules.tasks import CheckInTerms, MakeUpTerms

# Months that a check-in or a make-up looks at: its own, and those before it.
LOOKS_AT = 3


class Month(msgspec.Struct, frozen=True):
    """A month of a member's check-ins: `days` has a bit for each day, the first the lowest, and
    `made_up` those of them that were made up later.

    `carried` is the streak that the month before it ended with; `bonused` the last day (ordinal)
    that each length of a streak was paid on; `keys` tells which request made a day's check-in.
    """

    member_id: str
    month: str
    days: int = 0
    made_up: int = 0
    carried: int = 0
    points: int = 0
    version: int = 0
    bonused: dict[int, int] = {}
    keys: dict[int, str] = {}

    def has(self, day: date) -> bool:
        return bool(self.days >> (day.day - 1) & 1)

    def is_made_up(self, day: date) -> bool:
        return bool(self.made_up >> (day.day - 1) & 1)

    def streak_at(self, day: date) -> int:
        """How many days in a row were checked in up to a day of this month, that day among them."""
        length, number = 0, day.day
        while number and self.days >> (number - 1) & 1:
            length, number = length + 1, number - 1
        return length if number else length + self.carried

    def checked_days(self) -> list[int]:
        return [number for number in range(1, 32) if self.days >> (number - 1) & 1]


Months = Mapping[str, Month]


class CheckedIn(msgspec.Struct, frozen=True):
    """A check-in of a day: the streak with it, and its points, those of a bonus among them."""

    day: date
    streak_days: int
    points: int
    bonus: int
    replayed: bool = False


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def last_day_of(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def months_to(day: date) -> list[str]:
    """The months that a check-in or a make-up on this day looks at, the oldest first."""
    found = [month_of(day)]
    while len(found) < LOOKS_AT:
        found.append(month_of(date.fromisoformat(f"{found[-1]}-01") - timedelta(days=1)))
    return found[::-1]


def streak_at(months: Months, day: date) -> int:
    found = months.get(month_of(day))
    return found.streak_at(day) if found else 0


def streak_now(months: Months, today: date) -> int:
    """The streak as members see it: one up to yesterday still stands until today is over."""
    return streak_at(months, today) or streak_at(months, today - timedelta(days=1))


def opened(months: Months, member_id: str, day: date) -> Month:
    """The month of a day as it is, or begun with what the month before it ended with."""
    name = month_of(day)
    if name in months:
        return months[name]
    eve = day.replace(day=1) - timedelta(days=1)
    before = months.get(month_of(eve))
    bonused = before.bonused if before else {}
    return Month(member_id, name, carried=streak_at(months, eve), bonused=bonused)


def check_in(
    months: Months, member_id: str, today: date, points: int, terms: CheckInTerms, key: str | None
) -> tuple[Month, CheckedIn]:
    """Check in today.

    A bonus for each n days comes when the streak has n days and the last such bonus is n days ago.

    Raises AlreadyCheckedIn.
    """
    month = opened(months, member_id, today)
    if month.has(today):
        raise AlreadyCheckedIn(streak_days=month.streak_at(today))
    marked = replace(month, days=month.days | 1 << (today.day - 1), version=month.version + 1)
    streak, on = marked.streak_at(today), today.toordinal()
    due = [
        each
        for each in terms.bonuses
        if streak >= each.days and on - month.bonused.get(each.days, 0) >= each.days
    ]
    bonus = sum(each.points for each in due)
    after = replace(
        marked,
        points=month.points + points + bonus,
        bonused=month.bonused | {each.days: on for each in due},
        keys=month.keys | ({today.day: key} if key else {}),
    )
    return after, CheckedIn(today, streak, points + bonus, bonus)


def made_up_in(months: Months, day: date) -> int:
    """How many days of a day's month were made up."""
    found = months.get(month_of(day))
    return found.made_up.bit_count() if found else 0


def missed(months: Months, today: date, joined: date, terms: MakeUpTerms) -> list[date]:
    """The days that can be made up today, the last first."""
    back = (today - timedelta(days=number) for number in range(1, terms.days_back + 1))
    return [
        day
        for day in back
        if day >= joined
        and not ((found := months.get(month_of(day))) and found.has(day))
        and made_up_in(months, day) < terms.a_month
    ]


def make_up(
    months: Months,
    member_id: str,
    day: date,
    today: date,
    joined: date,
    terms: MakeUpTerms,
    key: str,
) -> list[Month]:
    """Make up a missed day: the months that change. It pays nothing; it mends the streak.

    Raises AlreadyCheckedIn, CheckInNotMissed, NoMakeUpLeft.
    """
    earliest = max(joined, today - timedelta(days=terms.days_back))
    if not earliest <= day < today:
        raise CheckInNotMissed(earliest=earliest.isoformat())
    month = opened(months, member_id, day)
    if month.has(day):
        raise AlreadyCheckedIn(streak_days=streak_now(months, today))
    if month.made_up.bit_count() >= terms.a_month:
        raise NoMakeUpLeft(a_month=terms.a_month)
    bit = 1 << (day.day - 1)
    changed = replace(
        month,
        days=month.days | bit,
        made_up=month.made_up | bit,
        version=month.version + 1,
        keys=month.keys | {day.day: key},
    )
    following = months.get(month_of(today))
    if month_of(day) == month_of(today) or following is None:
        return [changed]
    carried = changed.streak_at(last_day_of(changed.month))
    if carried == following.carried:
        return [changed]
    return [changed, replace(following, carried=carried, version=following.version + 1)]


def days_to(months: Months, member_id: str, today: date, days: int) -> int:
    """After how many more check-ins the bonus for so many days in a row comes."""
    streak, last = streak_now(months, today), opened(months, member_id, today).bonused.get(days, 0)
    next_day = today if not streak_at(months, today) else today + timedelta(days=1)
    since = next_day.toordinal() - last
    return max(days - streak, days - since + 1, 1)
