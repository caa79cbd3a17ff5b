"""Birthdays: `MM-DD`, and when the gift of one is due."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo


def day_in(birthday: str, year: int) -> date:
    """The day of a birthday in a year: 28 February for who was born on the 29th."""
    month, day = int(birthday[:2]), int(birthday[3:])
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 2, 28)


def due_at(birthday: str, last_year: int, zone: ZoneInfo) -> datetime:
    """The first instant of the birthday after that of the `last_year` that is done with."""
    return datetime.combine(day_in(birthday, last_year + 1), time(), zone)


def last_year_done(birthday: str, now: datetime, zone: ZoneInfo) -> int:
    """The last year whose birthday is over: nobody is given one that was before they told it."""
    today = now.astimezone(zone).date()
    return today.year if day_in(birthday, today.year) < today else today.year - 1
