"""A journal and a provider whose days are reconciled, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.finance.actions import reconciliation
from chalicelib.finance.queries import reconciliations
from chalicelib.finance.rules.reconciled_days import EXPLAINED, OPEN, WAITING, Case, Day
from chalicelib.kernel.clock import from_ms, program_day, to_ms
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.payments.actions.journal import record_cash
from chalicelib.payments.rules.gateway import Movement
from chalicelib.payments.rules.journal import CashEntry
from tests.finance.two_books import HOUR_MS, START_MS, TwoBooks
from tests.payments.fake_gateway import FakeGateway

FIRST_DAY = program_day(from_ms(START_MS))


def day(number: int) -> Any:
    """The program's day of that number: the books begin on day 0."""
    return FIRST_DAY + timedelta(days=number)


def after(number: int) -> datetime:
    """Two hours after the end of a day: it is settled."""
    return from_ms(reconciliations.end_ms(day(number))) + timedelta(hours=2)


class Provider(FakeGateway):
    """The provider, whose books a test writes; `owes` is money outside them."""

    def __init__(self, books: Iterable[Movement] = ()) -> None:
        super().__init__()
        self.books = list(books)
        self.owes = 0
        self.now = after(9)
        self.fails_at: int | None = None
        self.asked: list[tuple[int, int]] = []

    def movements(self, since_ms: int, until_ms: int) -> Iterator[Movement]:
        self.asked.append((since_ms, until_ms))
        if self.fails_at is not None and len(self.asked) > self.fails_at:
            raise Unavailable()
        until_ms = min(until_ms, to_ms(self.now))
        yield from [m for m in self.books if since_ms <= m.created_at_ms < until_ms]

    def balance(self, currency: str) -> int:
        until_ms = to_ms(self.now)
        booked = [m for m in self.books if m.currency == currency]
        return sum(m.net for m in booked if m.created_at_ms < until_ms) + self.owes


class Reconciling:
    """Records entries of a test, and reconciles the days in steps of twelve hours."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, books: TwoBooks | None = None) -> None:
        monkeypatch.setattr(reconciliation, "STEP_MS", 12 * HOUR_MS)
        monkeypatch.setattr(reconciliations, "FIRST_DAY", FIRST_DAY)
        self.patch = monkeypatch
        self.provider = Provider(books.theirs if books else ())
        if books:
            record(books.ours)

    def run(self, number: int, steps: int | None = None) -> int:
        """Reconcile all days up to that one; at most so many steps."""
        self.provider.now = after(number)
        left = [steps]

        def enough() -> bool:
            if left[0] is not None:
                left[0] -= 1
            return left[0] == 0

        return reconciliation.reconcile_days(self.provider, after(number), enough)

    def charge(self, name: str, at_ms: int, amount: int = 1000) -> None:
        """A charge in the provider's books."""
        line = Movement(f"txn_{name}", "charge", amount, 59, "CNY", f"ch_{name}", at_ms)
        self.provider.books.append(line)


def record(entries: Iterable[CashEntry]) -> None:
    """Put entries into the journal, fifty a transaction."""
    left = list(entries)
    for start in range(0, len(left), 50):
        writes = WriteSet()
        for entry in left[start : start + 50]:
            record_cash(writes, entry)
        writes.commit()


def kept(status: str) -> list[Case]:
    return list(reconciliations.cases(status))


def lists() -> dict[str, list[str]]:
    """The kinds of waiting, open and explained findings."""
    return {each: sorted(case.kind for case in kept(each)) for each in (WAITING, OPEN, EXPLAINED)}


def reconciled(number: int) -> Day:
    return reconciliations.reconciled_day(day(number))
