"""Credits of tasks, by their own terms, each once."""

from __future__ import annotations

from datetime import datetime

from chalicelib.earning.rules.tasks import TaskLots
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Cause, Credit, EntryExists


def credit_of(points: int, lots: TaskLots, cause: Cause, now: datetime) -> Credit:
    """Points that are pending and lapse as a task says."""
    expires_at, unlocks_at = lots.terms.times(now, config().time_zone)
    return Credit(points, expires_at, cause, unlocks_at)


def commit(writes: WriteSet) -> None:
    """Commit what a fresh read would not pay again: an entry that exists means Moved."""
    try:
        writes.commit()
    except EntryExists as error:
        raise Moved() from error
