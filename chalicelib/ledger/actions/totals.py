"""Closing the program's days: their totals are recorded once they cannot change any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.kernel import clock
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import queries
from chalicelib.ledger.tables import TotalsItem

# Writes in flight at midnight, and an index that follows its table, need a moment.
GRACE = timedelta(minutes=10)


def close_days(now: datetime, enough: Callable[[], bool]) -> int:
    """Record the totals of each day that is over, in order; return the number of days.

    It continues after the last closed day, and stops after a day when `enough` is true.
    """
    closed = 0
    while with_fresh_reads(lambda: _close_next(now)):
        closed += 1
        if enough():
            break
    return closed


def _close_next(now: datetime) -> bool:
    """Close the next day; whether there was one. Raises Moved if another run has just closed it."""
    opened = queries.day_after(queries.last_closed())
    day = next(iter(opened.values())).day
    if now < clock.end_of(day) + GRACE:
        return False
    writes = WriteSet()
    for totals in queries.totals_of(day, opened).values():
        writes.put_new(TotalsItem.of(totals), or_raise=Moved)
    writes.commit()
    return True
