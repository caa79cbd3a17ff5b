"""Periods of the program's calendar: a day, a week from Monday on, a month, a quarter."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal, NamedTuple

from chalicelib.kernel.clock import to_ms

Calendar = Literal["day", "week", "month", "quarter"]
DAY: Calendar = "day"
WEEK: Calendar = "week"
MONTH: Calendar = "month"
QUARTER: Calendar = "quarter"
_MONTHS_A_QUARTER = 3


class Period(NamedTuple):
    """A period by its name, which sorts by time within a kind; it ends before `until_ms`."""

    name: str
    from_ms: int
    until_ms: int


def period_of(kind: Calendar, at: datetime, zone: tzinfo) -> Period:
    """The period of a kind in which an instant lies."""
    day = at.astimezone(zone).date()
    first, after = _days(kind, day)
    return Period(_name(kind, first), _midnight(first, zone), _midnight(after, zone))


def before(kind: Calendar, period: Period, zone: tzinfo) -> Period:
    """The period before another one."""
    last = datetime.fromtimestamp(period.from_ms // 1000 - 1, zone)
    return period_of(kind, last, zone)


def _days(kind: Calendar, day: date) -> tuple[date, date]:
    """The first day of the period, and the first one after it."""
    if kind == DAY:
        return day, day + timedelta(days=1)
    if kind == WEEK:
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=7)
    months = 1 if kind == MONTH else _MONTHS_A_QUARTER
    number = day.year * 12 + day.month - 1
    number -= number % months
    return _first_of(number), _first_of(number + months)


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _name(kind: Calendar, first: date) -> str:
    if kind == WEEK:
        year, week, _ = first.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if kind == QUARTER:
        return f"{first.year:04d}-Q{first.month // _MONTHS_A_QUARTER + 1}"
    return first.isoformat() if kind == DAY else f"{first:%Y-%m}"


def _midnight(day: date, zone: tzinfo) -> int:
    return to_ms(datetime.combine(day, time(), zone))
