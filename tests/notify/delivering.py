"""Deliveries of facts, and their outcomes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

from chalicelib.kernel.store.facts import Fact
from chalicelib.notify import queries
from chalicelib.notify.actions import deliver
from chalicelib.notify.errors import BeingSentElsewhere
from chalicelib.notify.tables import NoticeItem

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


Outbox = list[dict[str, Any]]


class Crash(BaseException):
    """The process ends here."""


def inbox(member: str) -> list[NoticeItem]:
    return list(queries.inbox(member))


def outcomes_of(threads: int, fact: Fact, now: datetime) -> list[str]:
    """The outcomes of so many deliveries at once: the name of the error of each, or `done`."""
    barrier = Barrier(threads)

    def one(_: int) -> str:
        barrier.wait()
        try:
            deliver(fact, now)
        except BeingSentElsewhere as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))
