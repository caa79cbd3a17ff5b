"""A day of reconciliation adds up, and its findings wait, open and close."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.finance.rules import reconciled_days as rules
from chalicelib.finance.rules.reconciled_days import Case, Day, Totals
from chalicelib.finance.rules.reconciled_lines import BookLine
from chalicelib.finance.rules.reconciliation import Finding
from chalicelib.kernel.errors import NotAllowedInThisState
from tests.finance.rules.making import AT_MS, DAY

pytestmark = pytest.mark.pure

NEXT = date(2026, 11, 22)
DAY_MS = 86_400_000


def ours(name: str = "charge:ch_1", amount: int = 1_000, at_ms: int = AT_MS) -> BookLine:
    return BookLine(True, name, "txn_1", "charge", amount, 59, "CNY", "order:ord_1", at_ms)


def theirs(name: str = "txn_1", amount: int = 1_000, **other: Any) -> BookLine:
    given = {"source": "ch_1", "at_ms": AT_MS} | other
    return BookLine(False, name, name, "charge", amount, 59, "CNY", **given)


HERE = Finding("missing_there", "txn_1", ours=ours())
THERE = Finding("missing_here", "txn_1", theirs=theirs())
CASE = Case("txn_1", "missing_here", "waiting", DAY, theirs=theirs())


def test_totals_add_the_lines_and_their_net_on_each_side() -> None:
    seen = Totals(10, 20, 1, 100, 2, 200, balance=7, told=3)
    assert seen.added(here=(3, -40), there=(5, 60)) == Totals(10, 20, 4, 60, 7, 260, 7, 3)


def test_a_day_opens_as_the_last_one_closed_and_keeps_what_was_told() -> None:
    closed = Totals(10, 20, 1, 100, 2, 200, told=3)
    assert closed.next_day() == Totals(110, 220, told=3)
    assert msgspec.structs.replace(closed, balance=225).next_day() == Totals(110, 220, told=5)
    assert msgspec.structs.replace(closed, balance=220).next_day() == Totals(110, 220)
    done = Day(DAY, 5, is_done=True, counts={"late": 1}, totals={"CNY": closed}, version=4)
    assert done.opens(NEXT, 9) == Day(NEXT, 9, totals={"CNY": Totals(110, 220, told=3)})


def test_money_that_no_books_explain_is_an_open_case_of_its_currency() -> None:
    case = rules.balance_case("CNY", -7, DAY)
    assert case == Case(
        "balance:CNY:2026-11-21", "balance_differs", "open", DAY, opened=DAY, amount=-7
    )
    assert (case.currency, case.difference) == ("CNY", -7)


def test_a_case_differs_by_what_the_provider_has_beyond_us() -> None:
    assert CASE.difference == 941
    assert replace(CASE, ours=ours(amount=999)).difference == 1
    assert replace(CASE, ours=ours(), theirs=None).difference == -941
    assert CASE.currency == replace(CASE, ours=ours(), theirs=None).currency == "CNY"


def test_a_case_is_compared_again_as_the_finding_that_it_was() -> None:
    case = replace(CASE, ours=ours())
    assert case.as_finding() == Finding("missing_here", "txn_1", ours(), theirs())


@pytest.mark.parametrize(
    ("kind", "status", "opened"),
    [
        ("matched", "dropped", None), ("late", "explained", None),
        ("missing_here", "waiting", None), ("missing_there", "waiting", None),
        ("amount_differs", "open", DAY), ("duplicate_here", "open", DAY),
    ],
)  # fmt: skip
def test_a_new_finding_waits_opens_or_closes_by_its_kind(
    kind: str, status: str, opened: date | None
) -> None:
    found = Finding(kind, "txn_1", ours(), theirs())
    case = rules.updated(None, found, DAY)
    assert case == Case("txn_1", kind, status, DAY, ours(), theirs(), opened)


def test_a_line_that_waited_meets_its_other_side() -> None:
    matched = rules.updated(CASE, HERE, NEXT)
    assert matched == Case("txn_1", "matched", "dropped", DAY, ours(), theirs(), version=2)
    late = replace(HERE, ours=ours(at_ms=AT_MS + DAY_MS))
    assert rules.updated(CASE, late, NEXT).status == "explained"
    waiting = replace(CASE, kind="missing_there", ours=ours(), theirs=None)
    assert rules.updated(waiting, THERE, NEXT) == replace(matched, theirs=theirs())


def test_a_line_that_meets_a_different_one_opens_on_that_day() -> None:
    wrong = replace(HERE, ours=ours(amount=999))
    assert rules.updated(CASE, wrong, NEXT) == replace(
        CASE, kind="amount_differs", status="open", ours=ours(amount=999), opened=NEXT, version=2
    )
    seen = replace(CASE, opened=DAY, status="open")
    assert rules.updated(seen, wrong, NEXT).opened == DAY


def test_a_finding_that_adds_nothing_leaves_the_case() -> None:
    assert rules.updated(CASE, THERE, NEXT) is CASE
    opened = replace(CASE, kind="duplicate_there", status="open", opened=DAY)
    assert rules.updated(opened, THERE, NEXT) is opened


def test_the_kind_of_a_pair_replaces_that_of_a_lone_line() -> None:
    pair = Finding("amount_differs", "txn_1", ours(), theirs())
    seen = replace(CASE, ours=ours())
    assert rules.updated(seen, pair, NEXT) == replace(
        seen, kind="amount_differs", status="open", opened=NEXT, version=2
    )


def test_another_line_on_a_side_that_is_taken_is_a_duplicate() -> None:
    again = replace(THERE, theirs=theirs("txn_2"))
    assert rules.is_duplicate(CASE, again)
    assert not rules.is_duplicate(CASE, THERE)
    assert not rules.is_duplicate(CASE, HERE)
    assert not rules.is_duplicate(None, again)
    assert not rules.is_duplicate(CASE, replace(again, kind="matched"))
    assert not rules.is_duplicate(CASE, Finding("missing_here", "txn_1"))
    mine = replace(CASE, ours=ours(), theirs=None)
    assert rules.is_duplicate(mine, replace(HERE, ours=ours("charge:ch_2")))
    assert not rules.is_duplicate(mine, again)


def test_a_case_opens_once_its_time_is_over() -> None:
    assert rules.opened(CASE, "missing_there", NEXT) == replace(
        CASE, kind="missing_there", status="open", opened=NEXT, version=2
    )


def test_a_replaced_case_is_dropped_unless_it_is_closed() -> None:
    assert rules.dropped(CASE) == replace(CASE, status="dropped", version=2)
    for status in ("explained", "dropped"):
        closed = replace(CASE, status=status)
        assert rules.dropped(closed) is closed


def test_an_open_case_is_explained_by_somebody_or_by_a_later_line() -> None:
    case = replace(CASE, status="open")
    assert rules.explained(case, b"note", "mbr_fin") == replace(
        case, status="explained", note=b"note", by="mbr_fin", version=2
    )
    assert rules.explained(case) == replace(case, status="explained", version=2)
    with pytest.raises(NotAllowedInThisState) as refused:
        rules.explained(CASE)
    assert refused.value.facts == {"status": "waiting"}
    assert "Waiting" in refused.value.detail("en")
