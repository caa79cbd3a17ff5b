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
    """START, and what this thread is later than that."""
    later: timedelta = getattr(_MOMENT, "later", timedelta())
    return START + later


@contextmanager
def moment(later: timedelta) -> Iterator[None]:
    """This thread acts so much later than START."""
    before: timedelta = getattr(_MOMENT, "later", timedelta())
    _MOMENT.later = later
    try:
        yield
    finally:
        _MOMENT.later = before


@contextmanager
def standing_still() -> Iterator[None]:
    """The program's clock is this one, and nobody pauses between tries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "source", now)
        patch.setattr("chalicelib.kernel.store.writes.FIRST_PAUSE_S", 0)
        yield
