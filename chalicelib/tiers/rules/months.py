"""Months of the program, as numbers that follow each other, and the windows that count them."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from chalicelib.tiers.rules.ladder import LadderDraft

_PERIOD = {"calendar_year": 12, "calendar_quarter": 3}


def month_of(at: datetime, zone: ZoneInfo) -> int:
    """The number of an instant's month in the program's time zone: January of year 0 is 0."""
    day = at.astimezone(zone)
    return day.year * 12 + day.month - 1


def starts_at(month: int, zone: ZoneInfo) -> datetime:
    """The first instant of a month."""
    return datetime.combine(date(month // 12, month % 12 + 1, 1), time(), zone)


def spelled(month: int) -> str:
    """`2026-11`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def first_counted(ladder: LadderDraft, month: int) -> int:
    """The first month that counts in a month."""
    if ladder.window == "rolling":
        return month - ladder.months
    return month - month % _PERIOD[ladder.window]


def first_judged(ladder: LadderDraft, month: int) -> int:
    """The first month by which a tier is judged whose time is over.

    A year or a quarter has just begun then: the one before it counts as well.
    """
    first = first_counted(ladder, month)
    return first if ladder.window == "rolling" else first - _PERIOD[ladder.window]


def kept_until(ladder: LadderDraft, month: int) -> int:
    """The first month for which a tier that is given in a month is not kept any more."""
    if ladder.window == "rolling":
        return month + ladder.months + 1
    period = _PERIOD[ladder.window]
    return month - month % period + 2 * period
