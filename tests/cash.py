"""Reads of the journal of cash for tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.kernel import clock
from chalicelib.payments.queries.journal import cash_entries_of
from chalicelib.payments.rules.journal import CashEntry


def recent_entries() -> Iterator[CashEntry]:
    """Those of today and of the day before, in order: a test that waits for some hours may end on
    another day than it began."""
    today = clock.program_day(clock.now())
    for day in (today - timedelta(days=1), today):
        yield from cash_entries_of(day)
