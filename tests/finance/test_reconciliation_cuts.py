"""Cut, crashed or concurrent runs of reconciliation have the result of one whole run."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.finance.actions import reconciled_cases
from chalicelib.finance.queries import reconciliations
from chalicelib.finance.rules.reconciled_days import EXPLAINED, OPEN, WAITING
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.finance.tables.reconciliations import ReconciledDayItem
from chalicelib.kernel.errors import Unavailable
from tests.finance.planted import HERE, THERE
from tests.finance.reconciling import Reconciling, kept, reconciled, record
from tests.finance.two_books import START_MS, TwoBooks, clean_books, entry


@pytest.fixture
def run(alone: Any, monkeypatch: pytest.MonkeyPatch) -> Reconciling:
    return Reconciling(monkeypatch)


def _everything() -> list[Any]:
    """All stored items of reconciliation."""
    cases = [each for status in (WAITING, OPEN, EXPLAINED) for each in kept(status)]
    days = [item.value() for item in ReconciledDayItem.query("RECONCILED", consistent_read=True)]
    return [
        *(replace(case, version=0) for case in cases),
        *(replace(each, version=0) for each in days),
    ]


def _spoilt() -> TwoBooks:
    books = clean_books(40)
    for plant in (HERE[0], HERE[8], THERE[-1]):
        plant.spoil(books)
    return books.sorted()


@pytest.fixture
def uncut(alone: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Reconciling, list[Any]]:
    """The result of uninterrupted runs; the tables are as before them."""
    run = Reconciling(monkeypatch, _spoilt())
    for number in range(4):
        run.run(number)
    wanted = _everything()
    for item in FinanceItem.scan():
        item.delete()
    return run, wanted


def test_a_run_continues_where_the_last_one_was_cut(uncut: tuple[Reconciling, list[Any]]) -> None:
    run, wanted = uncut
    for number in range(4):
        tries = 0
        while run.run(number, steps=1) == 0:
            tries += 1
        assert tries < 30
    assert _everything() == wanted


def test_outages_of_the_provider_do_not_change_the_result(
    uncut: tuple[Reconciling, list[Any]],
) -> None:
    run, wanted = uncut
    for number in range(4):
        for _ in range(40):
            run.provider.fails_at = len(run.provider.asked) + 3
            try:
                run.run(number)
            except Unavailable:
                continue
            break
    assert _everything() == wanted


@pytest.mark.parametrize("crash_at", [2, 5])
def test_a_crash_between_two_findings_changes_nothing(
    uncut: tuple[Reconciling, list[Any]], monkeypatch: pytest.MonkeyPatch, crash_at: int
) -> None:
    run, wanted = uncut
    put, writes = reconciled_cases._put, [0]

    def crashing(case: Any) -> None:
        writes[0] += 1
        if writes[0] % crash_at == 0 and writes[0] < 60:
            writes[0] += 1
            raise KeyboardInterrupt
        put(case)

    monkeypatch.setattr(reconciled_cases, "_put", crashing)
    for number in range(4):
        for _ in range(60):
            try:
                run.run(number)
            except KeyboardInterrupt:
                continue
            break
    found = _everything()
    assert [case for case in found if hasattr(case, "key")] == [
        case for case in wanted if hasattr(case, "key")
    ]
    assert [each.totals for each in found if hasattr(each, "totals")] == [
        each.totals for each in wanted if hasattr(each, "totals")
    ]


def test_only_one_of_two_concurrent_runs_counts(run: Reconciling) -> None:
    run.charge("one", START_MS + 1000)
    record([entry("one", START_MS + 2000)])
    seen = reconciliations.next_day()
    assert run.run(0) == 1
    with run.patch.context() as patch:
        patch.setattr(reconciliations, "next_day", lambda: seen)
        assert run.run(0) == 0
    assert (reconciled(0).totals["CNY"].lines_here, reconciled(0).is_done) == (1, True)
