"""A clock that stands still and shows each thread its own moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel import clock

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
# How long after the first try a retry may come.
AFTER = (timedelta(), timedelta(minutes=11), timedelta(hours=25), timedelta(days=31))
_MOMENT = threading.local()


def now() -> datetime:
    """START plus the offset of this thread."""
    later: timedelta = getattr(_MOMENT, "later", timedelta())
    return START + later


@contextmanager
def moment(later: timedelta) -> Iterator[None]:
    """Let this thread act with an offset from START."""
    before: timedelta = getattr(_MOMENT, "later", timedelta())
    _MOMENT.later = later
    try:
        yield
    finally:
        _MOMENT.later = before


@contextmanager
def standing_still() -> Iterator[None]:
    """Use this clock as the program's, without pauses between attempts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "source", now)
        patch.setattr("chalicelib.kernel.store.pauses.FIRST_PAUSE_S", 0)
        yield
