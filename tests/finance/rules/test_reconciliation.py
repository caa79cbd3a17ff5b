"""A finding names its lines, its key and the earlier findings that it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.finance.rules.reconciled_lines import our_line, provider_line
from chalicelib.finance.rules.reconciliation import Finding, reconcile
from chalicelib.payments.rules import journal
from chalicelib.payments.rules.gateway import Movement
from chalicelib.payments.rules.journal import CashEntry
from tests.finance.rules.making import AT_MS

pytestmark = pytest.mark.pure


def ours(name: str = "1", transaction: str | None = None, amount: int = 1_000) -> CashEntry:
    return CashEntry(
        f"charge:ch_{name}",
        journal.CHARGE,
        "CNY",
        journal.through_provider(amount, 30, journal.SALES),
        f"order:ord_{name}",
        AT_MS,
        AT_MS,
        transaction or f"txn_{name}",
    )


def theirs(name: str = "1", charge: str | None = None, amount: int = 1_000) -> Movement:
    source = f"ch_{charge or name}"
    return Movement(f"txn_{name}", "charge", amount, 30, "CNY", source, AT_MS)


def pair(kind: str, our: CashEntry, their: Movement, *closes: str) -> Finding:
    return Finding(kind, their.id, our_line(our), provider_line(their), closes)


def here(kind: str, key: str, our: CashEntry, *closes: str) -> Finding:
    return Finding(kind, key, ours=our_line(our), closes=closes)


def there(kind: str, key: str, their: Movement, *closes: str) -> Finding:
    return Finding(kind, key, theirs=provider_line(their), closes=closes)


def found(our: list[CashEntry], their: list[Movement], *earlier: Finding) -> list[Finding]:
    return list(reconcile(our, their, earlier))


def test_a_pair_is_named_for_the_providers_line() -> None:
    assert found([ours()], [theirs()]) == [pair("matched", ours(), theirs())]
    wrong = theirs(amount=999)
    assert found([ours()], [wrong]) == [pair("amount_differs", ours(), wrong)]


def test_a_lone_line_is_named_for_its_transaction() -> None:
    assert found([ours()], []) == [here("missing_there", "txn_1", ours())]
    assert found([], [theirs()]) == [there("missing_here", "txn_1", theirs())]


def test_an_entry_without_a_transaction_is_named_for_itself() -> None:
    bare = CashEntry(
        "charge:ch_1",
        journal.CHARGE,
        "CNY",
        journal.through_provider(1_000, 30, journal.SALES),
        "order:ord_1",
        AT_MS,
        AT_MS,
    )
    assert found([bare], []) == [here("missing_there", "charge:ch_1", bare)]
    assert found([bare], [theirs()]) == [pair("transaction_differs", bare, theirs())]


def test_a_line_that_the_provider_tells_again_is_its_duplicate() -> None:
    assert found([ours()], [theirs(), theirs()]) == [
        pair("matched", ours(), theirs()),
        there("duplicate_there", "txn_1:again", theirs()),
    ]
    assert found([], [theirs(), theirs()]) == [
        there("missing_here", "txn_1", theirs()),
        there("duplicate_there", "txn_1:again", theirs()),
    ]


def test_an_object_that_is_booked_under_another_transaction_is_a_duplicate() -> None:
    again = theirs("2", charge="1")
    duplicate = there("duplicate_there", "txn_2", again)
    assert found([ours()], [theirs(), again]) == [pair("matched", ours(), theirs()), duplicate]
    assert found([], [theirs(), again]) == [there("missing_here", "txn_1", theirs()), duplicate]
    wrong = ours(transaction="txn_9")
    assert found([wrong], [theirs(), again]) == [
        pair("transaction_differs", wrong, theirs()),
        duplicate,
    ]


def test_an_entry_of_a_paired_transaction_is_our_duplicate() -> None:
    again = ours("2", transaction="txn_1")
    duplicate = here("duplicate_here", "txn_1:charge:ch_2", again)
    assert found([ours(), again], [theirs()]) == [pair("matched", ours(), theirs()), duplicate]
    assert found([ours(), again], []) == [here("missing_there", "txn_1", ours()), duplicate]


def test_of_several_lines_the_pair_that_agrees_is_found() -> None:
    wrong = theirs(amount=999)
    assert found([ours()], [wrong, theirs()]) == [
        pair("matched", ours(), theirs()),
        there("duplicate_there", "txn_1:again", wrong),
    ]
    assert found([ours()], [wrong, wrong]) == [
        pair("amount_differs", ours(), wrong),
        there("duplicate_there", "txn_1:again", wrong),
    ]


def test_an_earlier_line_that_still_waits_is_no_news() -> None:
    waiting = there("missing_here", "txn_1", theirs())
    assert found([], [], waiting) == []
    mine = here("missing_there", "txn_2", ours("2"))
    assert found([ours("3")], [], waiting, mine) == [here("missing_there", "txn_3", ours("3"))]


def test_a_pair_closes_the_earlier_findings_of_its_lines() -> None:
    waiting = there("missing_here", "txn_1", theirs())
    assert found([ours()], [], waiting) == [pair("matched", ours(), theirs(), "txn_1")]
    mine = here("missing_there", "txn_1", ours())
    assert found([], [theirs()], mine) == [pair("matched", ours(), theirs(), "txn_1")]
    wrong = ours(transaction="txn_9")
    lost = here("missing_there", "txn_9", wrong)
    assert found([], [theirs()], lost) == [pair("transaction_differs", wrong, theirs(), "txn_9")]
    assert found([], [], lost, waiting) == [
        pair("transaction_differs", wrong, theirs(), "txn_9", "txn_1")
    ]


def test_a_pair_of_one_earlier_finding_closes_it_once() -> None:
    wrong = theirs(amount=999)
    seen = pair("amount_differs", ours(), wrong)
    assert found([], [], seen) == [pair("amount_differs", ours(), wrong, "txn_1")]


def test_a_duplicate_closes_the_earlier_finding_of_its_line() -> None:
    again = theirs("2", charge="1")
    lost = there("missing_here", "txn_2", again)
    assert found([ours()], [theirs()], lost)[1] == there("duplicate_there", "txn_2", again, "txn_2")
    mine = ours("2", transaction="txn_1")
    earlier = here("missing_there", "txn_1", mine)
    assert found([ours()], [theirs()], earlier) == [
        pair("matched", ours(), theirs()),
        here("duplicate_here", "txn_1:charge:ch_2", mine, "txn_1"),
    ]


def test_a_pair_is_told_before_later_lines_are_read() -> None:
    read: list[str] = []

    def lines(side: list[Any]) -> Iterator[Any]:
        for number, line in enumerate(side):
            read.append(f"{number}")
            yield line

    our = [replace(ours(name), recorded_at_ms=AT_MS + at) for at, name in enumerate("123")]
    their = [replace(theirs(name), created_at_ms=AT_MS + at) for at, name in enumerate("123")]
    findings = reconcile(lines(our), lines(their))
    for number in range(3):
        assert next(findings).kind == "matched"
        assert max(read) <= str(number + 1)
    assert list(findings) == []
