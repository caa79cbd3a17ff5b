"""Days of reconciliation: late lines are matched later, errors are reported once."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.finance.actions import reconciliation
from chalicelib.finance.rules.reconciled_days import EXPLAINED, OPEN, WAITING
from chalicelib.kernel.errors import NotFound
from tests.finance.planted import HERE, THERE, Plant
from tests.finance.reconciling import Reconciling, kept, lists, reconciled, record
from tests.finance.two_books import DAY_MS, HOUR_MS, START_MS, clean_books, entry

MIDNIGHT_MS = START_MS + DAY_MS
SOME = [plant for plant in (*HERE, *THERE) if "dispute" not in plant.words][::5]


@pytest.fixture
def run(alone: Any, monkeypatch: pytest.MonkeyPatch) -> Reconciling:
    return Reconciling(monkeypatch)


def test_clean_days_close_without_findings(alone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    books = clean_books(150)
    run = Reconciling(monkeypatch, books)
    monkeypatch.setattr(reconciliation, "STEP_MS", 3 * HOUR_MS)
    assert [run.run(number) for number in range(4)] == [1, 1, 1, 1]
    found = lists()
    assert (found[WAITING], found[OPEN]) == ([], [])
    assert set(found[EXPLAINED]) == {"late"}
    totals = [reconciled(number).totals["CNY"] for number in range(4)]
    assert totals[-1].closing_here == totals[-1].closing_there == run.provider.balance("CNY")
    assert [each.unexplained for each in totals] == [0, 0, 0, 0]
    assert sum(each.lines_there for each in totals) == len(books.theirs)
    counts = [reconciled(number).counts for number in range(4)]
    late = sum(each.get("late", 0) for each in counts)
    assert late == len(found[EXPLAINED]) >= 2
    matched = sum(each.get("matched", 0) for each in counts)
    assert matched + late == len(books.theirs)


@pytest.mark.parametrize("plant", SOME, ids=[plant.words for plant in SOME])
def test_a_planted_error_is_listed_once(
    alone: Any, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    books = clean_books(30)
    plant.spoil(books)
    run = Reconciling(monkeypatch, books.sorted())
    assert run.run(4) == 5
    assert lists()[OPEN] == [plant.kind]
    assert lists()[WAITING] == []
    totals = reconciled(4).totals
    told = sum(case.difference for case in kept(OPEN) if case.currency == "CNY")
    if plant.kind != "currency_differs":
        assert totals["CNY"].in_findings == told
    assert totals["CNY"].unexplained == 0


def test_a_movement_in_transit_at_midnight_is_late_and_never_an_alarm(run: Reconciling) -> None:
    run.charge("night", MIDNIGHT_MS - 1000)
    assert run.run(0) == 1
    assert lists() == {WAITING: ["missing_here"], OPEN: [], EXPLAINED: []}
    assert reconciled(0).totals["CNY"].in_findings == 941
    record([entry("night", MIDNIGHT_MS + 1000)])
    assert run.run(1) == 1
    assert lists() == {WAITING: [], OPEN: [], EXPLAINED: ["late"]}
    assert (reconciled(1).counts, reconciled(1).totals["CNY"].in_findings) == (
        {"late": 1, "waiting": 0},
        0,
    )


def test_our_entry_may_come_before_the_providers_line(run: Reconciling) -> None:
    record([entry("night", MIDNIGHT_MS - 1)])
    run.charge("night", MIDNIGHT_MS)
    run.run(0)
    assert lists()[WAITING] == ["missing_there"]
    run.run(1)
    assert lists() == {WAITING: [], OPEN: [], EXPLAINED: ["late"]}


def test_lines_at_different_hours_of_a_day_are_matched(run: Reconciling) -> None:
    run.charge("slow", START_MS + 1000)
    record([entry("slow", START_MS + 5 * HOUR_MS)])
    run.run(0)
    assert lists() == {WAITING: [], OPEN: [], EXPLAINED: []}
    assert reconciled(0).counts == {"matched": 1, "waiting": 0}


def test_an_unrecorded_movement_opens_a_finding_after_a_day_until_it_is_recorded(
    run: Reconciling,
) -> None:
    run.charge("lost", START_MS + HOUR_MS)
    run.run(0)
    run.run(1)
    assert lists() == {WAITING: [], OPEN: ["missing_here"], EXPLAINED: []}
    (case,) = kept(OPEN)
    assert (case.key, case.difference) == ("txn_lost", 941)
    assert (str(case.since), reconciled(1).counts) == (
        str(reconciled(0).day),
        {"missing_here": 1, "waiting": 0},
    )
    record([entry("lost", START_MS + 2 * DAY_MS + HOUR_MS)])
    run.run(2)
    assert lists() == {WAITING: [], OPEN: [], EXPLAINED: ["late"]}


def test_a_movement_recorded_wrongly_gets_the_kind_of_its_error(run: Reconciling) -> None:
    run.charge("lost", START_MS + HOUR_MS)
    run.run(1)
    record([entry("lost", START_MS + 2 * DAY_MS + HOUR_MS, amount=999)])
    run.run(2)
    assert lists() == {WAITING: [], OPEN: ["amount_differs"], EXPLAINED: []}
    (case,) = kept(OPEN)
    assert (case.difference, str(case.since)) == (1, str(reconciled(0).day))


def test_a_transaction_recorded_again_on_another_day_is_a_duplicate(run: Reconciling) -> None:
    run.charge("one", START_MS + 1000)
    record([entry("one", START_MS + 2000)])
    record([entry("two", MIDNIGHT_MS + HOUR_MS, transaction="txn_one", occurred_at_ms=START_MS)])
    for number in range(3):
        run.run(number)
    assert lists()[OPEN] == ["duplicate_here"]


def test_an_object_booked_again_on_another_day_is_a_duplicate(run: Reconciling) -> None:
    run.charge("one", START_MS + 1000)
    record([entry("one", START_MS + 2000)])
    line = run.provider.books[0]
    again = replace(line, id="txn_again", created_at_ms=MIDNIGHT_MS + HOUR_MS)
    run.provider.books.append(again)
    for number in range(3):
        run.run(number)
    assert lists()[OPEN] == ["duplicate_there"]


def test_an_entry_without_a_transaction_matches_its_line_a_day_later(run: Reconciling) -> None:
    run.charge("one", MIDNIGHT_MS - 1000)
    record([entry("one", MIDNIGHT_MS + 1000, transaction=None)])
    run.run(0)
    run.run(1)
    assert lists() == {WAITING: [], OPEN: ["transaction_differs"], EXPLAINED: []}


def test_money_in_no_books_opens_a_finding_until_it_is_gone(
    run: Reconciling,
) -> None:
    run.charge("one", START_MS + 1000)
    record([entry("one", START_MS + 2000)])
    run.provider.owes = 500
    run.run(0)
    assert lists()[OPEN] == ["balance_differs"]
    assert reconciled(0).totals["CNY"].unexplained == 500
    run.run(1)
    assert [case.difference for case in kept(OPEN)] == [500]
    run.provider.owes = 700
    run.run(2)
    assert [case.difference for case in kept(OPEN)] == [500, 200]
    run.provider.owes = 0
    run.run(3)
    assert lists() == {WAITING: [], OPEN: [], EXPLAINED: ["balance_differs"] * 2}


def test_a_movement_during_the_reading_of_the_balance_is_no_difference(run: Reconciling) -> None:
    run.charge("one", START_MS + 1000)
    record([entry("one", START_MS + 2000)])
    run.charge("later", MIDNIGHT_MS + HOUR_MS)
    read = run.provider.balance

    def moving(currency: str) -> int:
        seen = read(currency)
        if len(run.provider.books) < 4:
            run.charge(f"moving{len(run.provider.books)}", MIDNIGHT_MS + HOUR_MS + 1)
        return seen

    run.patch.setattr(run.provider, "balance", moving)
    run.run(0)
    assert reconciled(0).totals["CNY"].unexplained == 0


def test_earlier_days_are_reconciled_without_the_balance(run: Reconciling) -> None:
    run.charge("one", START_MS + 1000)
    record([entry("one", START_MS + 2000)])
    assert run.run(2) == 3
    assert [reconciled(number).totals["CNY"].balance for number in range(3)] == [None, None, 941]


def test_an_open_day_is_not_reconciled(run: Reconciling) -> None:
    assert run.run(-1) == 0
    assert run.provider.asked == []
    with pytest.raises(NotFound):
        reconciled(0)


def test_an_empty_day_makes_one_request_to_the_provider(run: Reconciling) -> None:
    run.run(0)
    run.provider.asked.clear()
    run.run(1)
    # Besides the look from the day's end to now, for the balance.
    assert len(run.provider.asked) == 2
