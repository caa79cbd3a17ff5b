"""Reads of the events of a day, for what is computed again of a period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chalicelib.earning.tables.days import EventDayItem, EventName


def events_of(day: date) -> Iterator[EventName]:
    """The events that occurred on a day of the program, each once, as they were recorded.

    It knows those that were recorded since this release; it lags behind by seconds.
    """
    seen: set[EventName] = set()
    for item in EventDayItem.query(f"DAY#{day:%Y-%m-%d}"):
        for event in item.events:
            if event not in seen:
                seen.add(event)
                yield event
