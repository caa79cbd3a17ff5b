"""The program's clock and calendar: instants in UTC, days and months in the program's time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.kernel.config import config

# The program's first day: no ledger has entries before the first release.
FIRST_DAY = date(2026, 11, 1)
_EPOCH, _MILLISECOND = datetime.fromtimestamp(0, UTC), timedelta(milliseconds=1)


def _machine() -> datetime:
    return datetime.now(UTC)


source: Callable[[], datetime] = _machine


def now() -> datetime:
    """This instant on the program's clock, in UTC, cut to milliseconds as we record them."""
    at = source().astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def machine_now() -> datetime:
    """This instant on the machine's clock: for signatures, and claims that outlive a process."""
    return _machine()


def to_ms(at: datetime) -> int:
    """Epoch milliseconds of an aware instant, cut off below."""
    return (at - _EPOCH) // _MILLISECOND


def recorded(at: datetime | None) -> datetime | None:
    """An instant as we record it: UTC, in milliseconds."""
    return None if at is None else from_ms(to_ms(at))


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)


def rfc3339(at: datetime) -> str:
    """`2026-11-21T08:00:00Z`, with milliseconds when there are any."""
    at = at.astimezone(UTC)
    precision = "milliseconds" if at.microsecond >= 1000 else "seconds"
    return at.isoformat(timespec=precision).replace("+00:00", "Z")


def rfc3339_ms(ms: int) -> str:
    return rfc3339(from_ms(ms))


def shown(at: datetime) -> str:
    """An instant as people of the program read it: `2026-11-21 16:00`, on its wall clock."""
    return f"{at.astimezone(config().time_zone):%Y-%m-%d %H:%M}"


def program_day(at: datetime) -> date:
    """The calendar day of an instant for the program, wherever the server is."""
    return at.astimezone(config().time_zone).date()


def end_of(day: date) -> datetime:
    """The first instant after a day of the program."""
    return datetime.combine(day + timedelta(days=1), time(), config().time_zone)


def day_spoken(at: datetime, language: str) -> str:
    """The program's day of an instant as people say it: `12 月 14 日`, `December 14`."""
    day = program_day(at)
    return f"{day:%B} {day.day}" if language == "en" else f"{day.month} 月 {day.day} 日"
