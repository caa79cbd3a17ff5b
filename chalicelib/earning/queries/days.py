"""Reads of the events of a day, for what is computed again of a period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chalicelib.earning.tables.days import EventDayItem, EventName


def events_of(day: date) -> Iterator[EventName]:
    """The events that occurred on a day of the program, each once, as they were recorded.

    It knows those that were recorded since this release; it lags behind by seconds.
    """
    for _, names in noted_on(day):
        yield from names


def noted_on(day: date) -> Iterator[tuple[str, list[EventName]]]:
    """The same in parts, each with its place in the day: its events that no earlier part names."""
    seen: set[EventName] = set()
    for item in EventDayItem.query(f"DAY#{day:%Y-%m-%d}"):
        new = [each for each in dict.fromkeys(item.events) if each not in seen]
        seen.update(new)
        yield item.sk, new
