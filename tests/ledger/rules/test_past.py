"""Past accounts: undoing later entries gives the account of a moment, lot by lot."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.ledger import rules
from chalicelib.ledger.errors import InsufficientPoints
from chalicelib.ledger.rules import Account, Entry
from chalicelib.ledger.rules.past import account_before
from chalicelib.ledger.rules.statements import Statement, TypeLine, statement
from tests.ledger.rules.making import accrue, cause, property_of

pytestmark = pytest.mark.pure

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["accrue", "pend", "redeem", "adjust", "hold", "end", "claw_back", "wait"]),
        st.integers(1, 40),
    ),
    max_size=25,
)


class History:
    """A played account, with every entry and its state at each moment."""

    def __init__(self) -> None:
        self.account, self.now_ms = Account("mbr_1:points"), 0
        self.entries: list[Entry] = []
        self.seen: list[tuple[int, Account]] = [(0, self.account)]
        self.holds: list[rules.Hold] = []

    def play(self, do: str, size: int) -> None:
        self.now_ms += size * 500 if do == "wait" else 1
        if do != "wait":
            self._lapse()
            self._do(do, size, f"{do}:{len(self.entries)}")
            self._lapse()
        self.seen.append((self.now_ms, self.account))

    def _lapse(self) -> None:
        self.account, expiry = rules.expire(self.account, self.now_ms)
        self.entries += [expiry] if expiry else []

    def _do(self, do: str, size: int, reference: str) -> None:
        try:
            made = getattr(self, do)(size, reference)
        except InsufficientPoints:
            return
        if made is not None:
            self.account, *entries = made
            self.entries += entries

    def accrue(self, size: int, reference: str) -> tuple[Account, Entry]:
        expiry = self.now_ms // 1000 + size
        return accrue(self.account, size, expiry, self.now_ms, None, reference)

    def pend(self, size: int, reference: str) -> tuple[Account, Entry]:
        return accrue(self.account, size, 10**6, self.now_ms, 99, reference)

    def redeem(self, size: int, reference: str) -> tuple[Account, Entry]:
        return rules.redeem(self.account, size, cause(reference), self.now_ms)

    def adjust(self, size: int, reference: str) -> tuple[Account, Entry]:
        return rules.adjust(self.account, -size, 0, cause(reference), self.now_ms)

    def hold(self, size: int, reference: str) -> tuple[Account, Entry]:
        why = cause(reference)
        after, entry, held = rules.hold(self.account, reference, size, 10**6, why, self.now_ms)
        self.holds.append(held)
        return after, entry

    def end(self, size: int, reference: str) -> tuple[Account, Entry] | None:
        if not self.holds:
            return None
        held = self.holds.pop()
        points = min(size, held.points)
        return rules.capture(self.account, held, points, cause(reference), self.now_ms)

    def claw_back(self, size: int, reference: str) -> tuple[Any, ...] | None:
        accruals = [each for each in self.entries if each.type == "accrual" and each.lots]
        if not accruals:
            return None
        points = min(size, accruals[0].effect.from_outside)
        why = cause(reference)
        after, made = rules.claw_back(self.account, accruals[0], points, None, why, self.now_ms)
        return after, *made


@property_of
@given(STEPS, st.integers(0, 30_000))
def test_undoing_later_entries_gives_the_account_of_any_moment(
    steps: list[tuple[str, int]], offset_ms: int
) -> None:
    history = History()
    for do, size in steps:
        history.play(do, size)
    for at_ms, then in history.seen:
        later = [entry for entry in history.entries if entry.recorded_at_ms > at_ms]
        was = account_before(history.account, reversed(later))
        rest = ("head_hash", "last_at_ms", "status")
        assert was == replace(then, **{name: getattr(was, name) for name in rest})
        assert was.available(at_ms) == then.available(at_ms)
        assert was.available(at_ms + offset_ms) == then.available(at_ms + offset_ms)


def test_points_lapsed_before_a_moment_are_gone_even_if_recorded_later() -> None:
    account, _ = accrue(Account("mbr_1:points"), 5, expiry=10)
    after, expiry = rules.expire(account, 60_000)
    assert expiry is not None
    was = account_before(after, [expiry])
    assert (was.lots, was.posted, was.expired, was.seq) == ({10: 5}, 5, 0, 1)
    assert (was.available(9_999), was.available(10_000)) == (5, 0)


def test_undoing_nothing_changes_nothing() -> None:
    account, _ = accrue(Account("mbr_1:points"), 5, expiry=10)
    assert account_before(account, []) == account


@property_of
@given(STEPS, st.integers(0, 25))
def test_the_lines_of_statements_lead_from_opening_to_closing(
    steps: list[tuple[str, int]], cut: int
) -> None:
    history = History()
    for do, size in steps:
        history.play(do, size)
    first = statement(0, history.entries[:cut])
    second = statement(first.closing, history.entries[cut:])
    assert second.closing == sum(entry.points for entry in history.entries)
    for each in (first, second):
        assert each.opening + sum(line.points for line in each.lines) == each.closing
    assert sum(line.entries for line in first.lines + second.lines) == len(history.entries)


def test_a_statement_has_one_line_for_each_type_by_name() -> None:
    account, first = accrue(Account("mbr_1:points"), 5, 10, reference="a")
    account, second = rules.redeem(account, 2, cause("b"), 0)
    account, third = accrue(account, 7, 20, reference="c")
    assert statement(3, [second, first, third]) == Statement(
        3, 13, (TypeLine("accrual", 2, 12), TypeLine("redemption", 1, -2))
    )
    assert statement(3, []) == Statement(3, 3, ())
