"""Merging of accounts: each lot with its expiry, debts, chains, and both histories replay."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.ledger import rules
from chalicelib.ledger.rules import Account, Entry
from chalicelib.ledger.rules.merging import arrive, leave
from tests.ledger.rules.making import LOTS, account_with

pytestmark = pytest.mark.pure

ONE, OTHER = "mbr_one", "mbr_other"


def merging(lots: dict[int, int], debt: int = 0, unit: str = "points") -> Account:
    given = account_with(lots)
    return replace(given, id=f"{OTHER}:{unit}", debt=debt, merged_into=ONE)


def into(lots: dict[int, int], debt: int = 0, unit: str = "points") -> Account:
    return replace(account_with(lots), id=f"{ONE}:{unit}", debt=debt)


def merged(of: Account, to: Account, now_ms: int = 0) -> tuple[Account, Account, list[Entry]]:
    made = leave(of, now_ms)
    assert made is not None
    after, out = made
    arrived, entries = arrive(to, out, now_ms)
    return after, arrived, [out, *entries]


def worth(account: Account) -> int:
    return account.posted + account.held + account.pending - account.debt


def test_each_lot_keeps_its_expiry_and_the_two_entries_sum_to_nothing() -> None:
    left, got, (out, came) = merged(merging({50: 5, 60: 7}), into({60: 1, 70: 2}))
    assert (left.lots, left.posted, dict(got.lots)) == ({}, 0, {50: 5, 60: 8, 70: 2})
    assert (out.type, out.points, came.type, came.points) == ("merge_out", -12, "merge_in", 12)
    assert out.reference == came.reference
    assert out.effect.from_outside + came.effect.from_outside == 0
    assert {out.effect.contra, came.effect.contra} == {"transfers"}
    assert (out.source, came.source) == (f"merge:{ONE}", f"merge:{OTHER}")


def test_an_empty_account_leaves_nothing() -> None:
    assert leave(merging({}), 0) is None


@pytest.mark.parametrize(
    ("debt", "lots", "owed", "left"),
    [
        (5, {50: 3, 60: 4}, 0, {60: 2}),
        (7, {50: 3, 60: 4}, 0, {}),
        (9, {50: 3, 60: 4}, 2, {}),
        (9, {}, 9, {}),
    ],
)
def test_a_debt_takes_the_points_that_lapse_soonest(
    debt: int, lots: dict[int, int], owed: int, left: dict[int, int]
) -> None:
    gone, got, (out, came) = merged(merging({}, debt), into(lots))
    assert (gone.debt, got.debt, got.lots) == (0, owed, left)
    assert (out.points, came.points) == (0, -sum(lots.values()) + sum(left.values()))
    assert out.effect.from_outside + came.effect.from_outside == 0


def test_points_pay_the_debt_of_the_account_that_they_come_into() -> None:
    _, got, _ = merged(merging({50: 5, 60: 7}), into({}, 9))
    assert (got.debt, got.lots) == (0, {60: 3})


def test_what_growth_cannot_cover_is_written_off_and_cash_freezes() -> None:
    _, grown, entries = merged(merging({}, 9, "growth"), into({50: 4}, 0, "growth"))
    assert (grown.debt, grown.posted) == (0, 0)
    assert [each.type for each in entries] == ["merge_out", "merge_in", "adjustment"]
    assert entries[-1].effect.contra == "written_off"
    _, cash, _ = merged(merging({}, 9, "rebate_cash"), into({50: 4}, 0, "rebate_cash"))
    assert (cash.debt, cash.status) == (5, "frozen")


def test_a_debt_goes_on_once_more_from_one_who_is_merged_too() -> None:
    between = replace(into({}, 0, "growth"), merged_into="mbr_last")
    _, got, entries = merged(merging({}, 9, "growth"), between)
    assert (got.debt, len(entries)) == (9, 2)


def test_a_refund_leaves_the_debt_of_a_merged_account_for_the_other_to_settle() -> None:
    for unit in ("growth", "rebate_cash"):
        start = replace(merging({}, 0, unit), merged_into=None)
        credit = rules.Credit(9, 50, rules.Cause("r", "test", 0))
        given, accrual = rules.accrue(start, credit, 0)
        spent = replace(given, lots={}, posted=0, merged_into=ONE)
        cause = rules.Cause("back", "test", 0)
        after, entries = rules.claw_back(spent, accrual, 9, None, cause, 0)
        assert (after.debt, after.status, len(entries)) == (9, "active", 1)


@given(LOTS, LOTS, st.integers(0, 50), st.integers(0, 50))
def test_no_point_is_made_or_lost(
    of: dict[int, int], to: dict[int, int], owed: int, owing: int
) -> None:
    one = into(to, 0 if to else owing)
    other = merging(of, 0 if of else owed)
    if not of and not owed:
        return
    left, got, entries = merged(other, one)
    assert worth(left) == 0
    assert worth(got) == worth(one) + worth(other)
    assert not (got.debt and got.available(0))
    for _, entry in pairwise(entries):
        assert sum(leg.points for leg in entry.postings) == 0
