"""Windows of rules: whether one ever holds, and what it says of the event's fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from chalicelib.earning.rules.conditions import Condition
from chalicelib.earning.rules.definitions import RuleHours, Valid

# Each day of the week falls on each day of the month within this time.
_EVERY_PAIR = timedelta(days=3 * 366)
_DAY = timedelta(days=1)


def holds_ever(valid: Valid, zone: tzinfo) -> bool:
    """Whether a window has an instant on which it holds."""
    start, end = valid.from_, valid.until
    if start is None or end is None or end - start > _EVERY_PAIR:
        return True
    hours = valid.hours or RuleHours(0, 24)
    return any(
        max(_instant(day, hours.start, zone), start) < min(_instant(day, hours.end, zone), end)
        for day in _days(valid, start.astimezone(zone).date(), end.astimezone(zone).date())
    )


def _days(valid: Valid, first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if (valid.weekdays is None or day.isoweekday() in valid.weekdays) and (
            valid.days is None or day.day in valid.days
        ):
            yield day
        day += _DAY


def _instant(day: date, hour: int, zone: tzinfo) -> datetime:
    """The beginning of an hour of a day; the 24th is the next day's first."""
    at = datetime.combine(day + _DAY if hour == 24 else day, time(hour % 24), zone)
    return at.astimezone(UTC)


def tests_of(valid: Valid) -> list[Condition]:
    """A window as tests of the event's fields, which hold whenever the rule does."""
    made = []
    if valid.weekdays is not None:
        made.append(Condition(field="event.weekday", op="in", value=list(valid.weekdays)))
    if valid.days is not None:
        made.append(Condition(field="event.day", op="in", value=list(valid.days)))
    if valid.hours is not None:
        ends: list[int | str] = [valid.hours.start, valid.hours.end - 1]
        made.append(Condition(field="event.hour", op="between", value=ends))
    return made
