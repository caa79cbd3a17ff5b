"""Instants are UTC, days and months are the program's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from chalicelib.kernel import clock
from tests.conftest import Time


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (utc(2026, 11, 21, 15, 59, 59), date(2026, 11, 21)),
        (utc(2026, 11, 21, 16), date(2026, 11, 22)),
        (utc(2026, 12, 31, 16), date(2027, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(at: datetime, day: date) -> None:
    assert clock.program_day(at) == day


def test_instants_keep_milliseconds_and_drop_smaller_parts() -> None:
    at = utc(2026, 11, 21, 8, 0, 0, 123_999)
    assert clock.to_ms(at) % 1000 == 123
    assert clock.from_ms(clock.to_ms(at)) == at.replace(microsecond=123_000)
    assert clock.rfc3339(at) == "2026-11-21T08:00:00.123Z"
    assert clock.rfc3339(utc(2026, 11, 21, 8)) == "2026-11-21T08:00:00Z"
    assert clock.rfc3339_ms(clock.to_ms(at)) == clock.rfc3339(at)


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    at = datetime(2026, 11, 21, 16, tzinfo=timezone(timedelta(hours=8)))
    assert clock.rfc3339(at) == "2026-11-21T08:00:00Z"


def test_the_programs_clock_can_differ_from_the_machines(time: Time) -> None:
    early, on_the_machine = clock.now(), clock.machine_now()
    time.advance(days=400)
    days, minute = timedelta(days=400), timedelta(minutes=1)
    assert days <= clock.now() - early < days + minute
    assert clock.machine_now() - on_the_machine < minute
    assert clock.now().microsecond % 1000 == 0
