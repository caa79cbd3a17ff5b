"""Names of each day's events, so that a period can be read again without a scan."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.earning.tables.days import EventDayItem, EventName
from chalicelib.kernel.clock import from_ms, program_day
from chalicelib.kernel.store.streams import Change

_EVENT = "EVT#"


def note_events(changes: Iterable[Change]) -> None:
    """Note the new events of a batch of the stream: one write for each day that they are of."""
    by_day: dict[str, list[EventName]] = {}
    numbers: dict[str, str] = {}
    for change in changes:
        pk, sk = change.keys
        if change.before is not None or change.after is None or sk != "EVENT":
            continue
        occurred_at = change.after.get("occurred_at", {}).get("N")
        partner, _, event_id = pk.removeprefix(_EVENT).partition("#")
        if occurred_at is None or not event_id:  # a spoilt record: the relay parks it
            continue
        day = f"{program_day(from_ms(int(occurred_at))):%Y-%m-%d}"
        by_day.setdefault(day, []).append(EventName(partner, event_id))
        numbers.setdefault(day, change.sequence_number)
    for day, events in by_day.items():
        EventDayItem(*EventDayItem.key(day, numbers[day]), events=events).save()
