"""The years that anything is planned in: beyond them sums of days end where the calendar does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import FieldError, Words

_FIRST_MS = to_ms(datetime(2000, 1, 1, tzinfo=UTC))
_END_MS = to_ms(datetime(2101, 1, 1, tzinfo=UTC))
_WORDS = Words("年份须在 2000 至 2100 之间", "must lie in the years 2000 to 2100")


def year_errors(times: Mapping[str, datetime | int | None]) -> Iterator[FieldError]:
    """The fields whose instants, or epoch milliseconds, are of no year that anything is planned in;
    None is no time."""
    for name, at in times.items():
        at_ms = to_ms(at) if isinstance(at, datetime) else at
        if at_ms is not None and not _FIRST_MS <= at_ms < _END_MS:
            yield FieldError(name, "out_of_range", _WORDS)
