"""Store findings: they wait, open for finance, and are explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.finance.queries import reconciliations
from chalicelib.finance.rules.reconciled_days import (
    OPEN,
    WAITING,
    Case,
    Day,
    balance_case,
    dropped,
    explained,
    is_duplicate,
    opened,
    updated,
)
from chalicelib.finance.rules.reconciled_lines import (
    BALANCE_DIFFERS,
    DUPLICATE_HERE,
    DUPLICATE_THERE,
    BookLine,
    reference_of,
)
from chalicelib.finance.rules.reconciliation import Finding
from chalicelib.finance.tables.reconciliations import CaseItem
from chalicelib.kernel.clock import from_ms, program_day
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads
from chalicelib.payments import cash_entries_of, find_cash_entry

_A_DAY = timedelta(days=1)


def store_finding(finding: Finding, day: date) -> str:
    """Store a finding, once however often it is found; its present kind."""

    def write() -> Case:
        found = _or_duplicate(finding)
        seen = reconciliations.find_case(found.key)
        after = updated(seen, found, day)
        if after != seen:
            _put(after)
        return after

    kept = with_fresh_reads(write)
    for key in finding.closes:
        if key != kept.key:
            _change(key, dropped)
    return kept.kind


def _or_duplicate(finding: Finding) -> Finding:
    """The finding, as a duplicate if an earlier step has paired its transaction already."""
    line = finding.ours or finding.theirs
    if line is None or not is_duplicate(reconciliations.find_case(finding.key), finding):
        return finding
    kind = DUPLICATE_HERE if line.is_ours else DUPLICATE_THERE
    return replace(finding, kind=kind, key=f"{finding.key}:{line.name}")


def open_overdue(day: date) -> Counter[str]:
    """Open lines whose other side had one more whole day to arrive: counts by kind."""
    due = [case for case in reconciliations.cases(WAITING) if case.since < day]
    twice = _recorded_twice([case.ours for case in due if case.ours])
    told: Counter[str] = Counter()
    for case in due:
        kind = _kind_now(case, twice, reconciliations.end_ms(day))
        if kind is None:
            continue

        def told_of(seen: Case, kind: str = kind) -> Case:
            return opened(seen, kind, day) if seen.status == WAITING else seen

        _change(case.key, told_of)
        told[kind] += 1
    return told


def _kind_now(case: Case, twice: set[str], until_ms: int) -> str | None:
    """The kind of a line without its other side; None if a later day still brings that side."""
    if case.ours is not None:
        return DUPLICATE_HERE if case.ours.name in twice else case.kind
    reference = reference_of(case.theirs) if case.theirs else None
    entry = find_cash_entry(reference) if reference else None
    if entry is None:
        return case.kind
    # Our entry of this object matches another line: the object is in their books twice.
    return DUPLICATE_THERE if entry.recorded_at_ms < until_ms else None


def _recorded_twice(lines: list[BookLine]) -> set[str]:
    """The names of our lines whose transaction another entry of the same days names too."""
    wanted = {line.transaction: line.name for line in lines if line.transaction}
    days = {day for line in lines if line.transaction for day in _days_of(line)}
    twice = set()
    for day in sorted(days):
        for entry in cash_entries_of(day):
            name = wanted.get(entry.transaction or "")
            if name not in (None, entry.reference):
                twice.add(name)
    return {name for name in twice if name}


def _days_of(line: BookLine) -> set[date]:
    """The days that may hold another entry of the same transaction."""
    entry = find_cash_entry(line.name)
    occurred = program_day(from_ms(entry.occurred_at_ms if entry else line.at_ms))
    return {occurred, occurred + _A_DAY, program_day(from_ms(line.at_ms))}


def report_balances(day: Day) -> Counter[str]:
    """Open a case for money at the provider that no books explain, or close such cases."""
    told: Counter[str] = Counter()
    for currency, totals in day.totals.items():
        now = totals.unexplained
        if now in (None, totals.told):
            continue
        if now == 0:
            _close_balances(currency)
            continue
        case = balance_case(currency, (now or 0) - totals.told, day.day)
        if reconciliations.find_case(case.key) is None:
            _put(case)
        told[BALANCE_DIFFERS] += 1
    return told


def _close_balances(currency: str) -> None:
    for case in list(reconciliations.cases(OPEN)):
        if case.kind == BALANCE_DIFFERS and case.currency == currency:
            _change(case.key, lambda seen: explained(seen) if seen.status == OPEN else seen)


def explain(key: str, note: str, act: Act) -> tuple[Case, bool]:
    """Close an open finding with an explanation: (case, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def write() -> Case:
        seen = reconciliations.get_case(key)
        after = explained(seen, encrypt(note.encode(), bound_to=key), act.actor.member_id)
        writes = WriteSet()
        unmoved = CaseItem.version == seen.version
        writes.put(CaseItem.of(after), condition=unmoved)
        before, now = {"status": seen.status, "kind": seen.kind}, {"status": after.status}
        audit.record(writes, act.changing({**before}, {**now}))
        writes.commit()
        return after

    return audit.once(act, write, lambda: reconciliations.find_case(key))


def _change(key: str, change: Callable[[Case], Case]) -> None:
    """Store a changed case; an unchanged one is not written."""

    def write() -> None:
        seen = reconciliations.get_case(key)
        after = change(seen)
        if after != seen:
            _put(after)

    with_fresh_reads(write)


def _put(case: Case) -> None:
    """Raises Moved if the case has changed since it was read."""
    writes = WriteSet()
    writes.put(CaseItem.of(case), condition=unmoved(CaseItem.version, case.version - 1))
    writes.commit()
