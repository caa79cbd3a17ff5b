"""Reconcile the program's days with the provider's books, an hour at a time.

Each step may be cut off and repeated: findings have stable keys, and a day's totals are stored
with their position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from chalicelib.finance.actions.reconciled_cases import open_overdue, report_balances, store_finding
from chalicelib.finance.queries import reconciliations
from chalicelib.finance.rules.reconciled_days import (
    ALONE,
    OPEN,
    WAITING,
    Case,
    Day,
    Totals,
)
from chalicelib.finance.rules.reconciled_lines import CLEAN
from chalicelib.finance.rules.reconciliation import Finding, reconcile
from chalicelib.finance.tables.reconciliations import ReconciledDayItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.store.writes import unmoved, was_written
from chalicelib.payments import PROVIDER, CashEntry, Gateway, Movement, cash_entries_of

STEP_MS = 3_600_000
_LOOKS = 3
_A_DAY = timedelta(days=1)


class _Sums(msgspec.Struct):
    """Lines and net amounts at the provider by currency, summed while the lines pass."""

    lines: Counter[str] = msgspec.field(default_factory=Counter)
    net: Counter[str] = msgspec.field(default_factory=Counter)

    def ours(self, entries: Iterable[CashEntry]) -> Iterator[CashEntry]:
        for entry in entries:
            if moved := entry.on(PROVIDER):
                self._add(entry.currency, moved)
            yield entry

    def theirs(self, movements: Iterable[Movement]) -> Iterator[Movement]:
        for movement in movements:
            self._add(movement.currency, movement.net)
            yield movement

    def of(self, currency: str) -> tuple[int, int]:
        return self.lines[currency], self.net[currency]

    def _add(self, currency: str, net: int) -> None:
        self.lines[currency] += 1
        self.net[currency] += net


def reconcile_days(gateway: Gateway, now: datetime, enough: Callable[[], bool]) -> int:
    """Reconcile each day that is over, in order; the number of days done.

    Continues where the last run ended; stops after a step once `enough` is true.

    Raises Unavailable.
    """
    done = 0
    while True:
        day = reconciliations.next_day()
        if not reconciliations.is_ready(day.day, now):
            return done
        after = _step(day, gateway)
        if after.position_ms == reconciliations.end_ms(day.day):
            after = _finished(after, gateway, now)
        if not _saved(day, after):
            return done
        done += after.is_done
        if enough():
            return done


def _step(day: Day, gateway: Gateway) -> Day:
    """The day after its next hour, or after all of it if nothing was recorded."""
    since_ms, until_ms = day.position_ms, reconciliations.end_ms(day.day)
    begins = since_ms == reconciliations.start_ms(day.day)
    if not begins or next(cash_entries_of(day.day), None) is not None:
        until_ms = min(until_ms, since_ms + STEP_MS)
    here, there = _Sums(), _Sums()
    found = reconcile(
        here.ours(cash_entries_of(day.day, since_ms, until_ms)),
        there.theirs(gateway.movements(since_ms, until_ms)),
        _waiting_before(since_ms),
    )
    counts = Counter(day.counts)
    for finding in found:
        is_news = finding.kind not in CLEAN or finding.closes
        counts[store_finding(finding, day.day) if is_news else finding.kind] += 1
    currencies = sorted({config().currency, *day.totals, *here.lines, *there.lines})
    totals = {
        each: day.totals.get(each, Totals()).added(here=here.of(each), there=there.of(each))
        for each in currencies
    }
    return replace(day, position_ms=until_ms, counts=dict(counts), totals=totals)


def _waiting_before(since_ms: int) -> list[Finding]:
    """Unmatched lines from before a step; later ones are found again."""
    return [
        case.as_finding()
        for status in (WAITING, OPEN)
        for case in reconciliations.cases(status)
        if case.kind in ALONE and _at_ms(case) < since_ms
    ]


def _at_ms(case: Case) -> int:
    line = case.ours or case.theirs
    assert line is not None, "what waits is a line"
    return line.at_ms


def _finished(day: Day, gateway: Gateway, now: datetime) -> Day:
    """The finished day: overdue lines and differences of balances are open for finance."""
    # Lines that were alone in their hour have matched since, or wait, or are opened now.
    counts = Counter({kind: each for kind, each in day.counts.items() if kind not in ALONE})
    counts.update(open_overdue(day.day))
    if not reconciliations.is_ready(day.day + _A_DAY, now):
        totals = {name: _with_balance(day, name, gateway, now) for name in day.totals}
        counts.update(report_balances(replace(day, totals=totals)))
        day = replace(day, totals=totals)
    if alarms := sum(each for kind, each in counts.items() if kind not in CLEAN):
        count("BooksDiffer", stage=config().stage)
        logger().warning("the books differ", day=str(day.day), findings=alarms)
    counts[WAITING] = sum(1 for _ in reconciliations.cases(WAITING))
    logger().info("a day was reconciled", day=str(day.day), counts=dict(counts))
    return replace(day, is_done=True, counts=dict(counts))


def _with_balance(day: Day, currency: str, gateway: Gateway, now: datetime) -> Totals:
    """The totals with the provider's balance at the day's end; unchanged if it keeps moving."""
    ended_ms, until_ms = reconciliations.end_ms(day.day), to_ms(now + _A_DAY)
    for _ in range(_LOOKS):
        balance = gateway.balance(currency)
        since = gateway.movements(ended_ms, until_ms)
        moved = sum(movement.net for movement in since if movement.currency == currency)
        if gateway.balance(currency) == balance:
            return msgspec.structs.replace(day.totals[currency], balance=balance - moved)
    return day.totals[currency]


def _saved(seen: Day, after: Day) -> bool:
    """Whether no other run has saved the day meanwhile."""
    item = ReconciledDayItem.of(replace(after, version=seen.version + 1))
    same = unmoved(ReconciledDayItem.version, seen.version)
    return was_written(lambda: item.save(condition=same))
