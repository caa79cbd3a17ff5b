"""Clawbacks: pro rata to the point, pending points first, then lots, then the unit's policy."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger import rules
from chalicelib.ledger.errors import AccountMismatch, ClawbackExceedsAccrual, NotReversible
from chalicelib.ledger.rules import Account, Effect, Entry, Pending
from tests.ledger.rules.making import LOTS, account_with, accrue, cause, change, property_of

pytestmark = pytest.mark.pure

REFUND = cause("order_refunded:shop:1:purchases:1", "refund")


def claw_back(
    account: Account,
    accrual: Entry,
    points: int,
    pending: Pending | None = None,
    now_ms: int = 0,
) -> tuple[Account, list[Entry]]:
    return rules.claw_back(account, accrual, points, pending, REFUND, now_ms)


def granted(
    points: int, spent: int, unit: str = "points", lots: dict[int, int] | None = None
) -> tuple[Account, Entry]:
    """An accrual at 50, of which so many points are spent."""
    account, accrual = accrue(account_with(lots, unit), points, 50)
    if spent:
        account, _ = rules.adjust(account, -spent, 0, cause("adjustment:1"), 0)
    return account, accrual


@property_of
@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_partial_refunds_take_back_exactly_the_granted_points(
    points: int, parts: list[int]
) -> None:
    paid, refunded, taken = sum(parts), 0, 0
    for part in parts:
        refunded += part
        total = rules.pro_rata(points, paid, refunded)
        assert total >= taken
        exact = Fraction(points * refunded, paid) if paid else Fraction(points)
        assert total == floor(exact)
        taken = total
    assert taken == points


def test_a_share_is_floored_in_the_members_favour() -> None:
    assert [rules.pro_rata(10, 3, refunded) for refunded in range(4)] == [0, 3, 6, 10]
    assert rules.pro_rata(7, 0, 0) == 7
    for refunded in (-1, 4):
        with pytest.raises(AssertionError, match=r"^nobody is refunded more than was paid"):
            rules.pro_rata(10, 3, refunded)


def test_a_clawback_takes_the_accruals_own_lot_first_and_then_the_soonest() -> None:
    account, accrual = granted(9, 0, lots={40: 5, 60: 5})
    after, (entry,) = claw_back(account, accrual, 9)
    assert entry.effect == Effect({50: -9}, contra="issued")
    assert (entry.type, entry.reference, entry.rule) == ("clawback", REFUND.reference, "refund")
    assert (after.lots, after.accrued, entry.points) == ({40: 5, 60: 5}, 10, -9)
    spent, _ = rules.adjust(account, -7, 0, cause(), 0)
    after, (entry,) = claw_back(spent, accrual, 9)
    assert entry.effect == Effect({50: -7, 60: -2}, contra="issued")
    part, (entry,) = claw_back(account, accrual, 1)
    assert entry.effect == Effect({50: -1}, contra="issued")
    assert part.status == "active"


def test_a_single_point_is_taken_from_its_own_lot() -> None:
    account, accrual = granted(1, 0, lots={40: 5})
    _, (entry,) = claw_back(account, accrual, 1)
    assert entry.effect == Effect({50: -1}, contra="issued")


def test_a_clawback_of_a_lot_that_lapsed_takes_others() -> None:
    account, accrual = granted(9, 0, lots={60: 9})
    account, _ = rules.expire(account, 50_000)
    _, (entry,) = claw_back(account, accrual, 9, now_ms=50_000)
    assert entry.effect == Effect({60: -9}, contra="issued")
    late = change(granted(9, 0, lots={60: 9})[0], last_at_ms=50_000)
    _, (entry,) = claw_back(late, accrual, 9, now_ms=1)
    assert entry.effect == Effect({60: -9}, contra="issued")


def test_lots_joined_by_an_accrual_are_not_its_own() -> None:
    full = account_with({100 + 10 * number: 1 for number in range(36)})
    account, accrual = accrue(full, 5, 7_000)
    assert accrual.lots == {100: -1, 110: 1, 7_000: 5}
    account, _ = rules.redeem(account, 2, cause("order:1"), 0)
    account, _ = accrue(account, 4, 100, reference="accrual:2")
    _, (entry,) = claw_back(account, accrual, 5)
    assert entry.effect == Effect({7_000: -5}, contra="issued")


def test_pending_points_are_taken_first() -> None:
    account, accrual = accrue(account_with({60: 5}), 9, 50, unlocks_at=20)
    waiting = Pending("mbr_1:points", "accrual:1", 9, 50, 20, "test", None)
    after, (entry,) = claw_back(account, accrual, 9, waiting)
    assert entry.effect == Effect({}, pending=-9, contra="issued")
    assert (after.pending, after.lots, entry.points) == (0, {60: 5}, 0)
    after, (entry,) = claw_back(account, accrual, 4, waiting)
    assert entry.effect == Effect({}, pending=-4, contra="issued")
    few = change(account, pending=6, accrued=account.accrued - 3)
    left = Pending("mbr_1:points", "accrual:1", 6, 50, 20, "test", None)
    _, (entry,) = claw_back(few, accrual, 8, left)
    assert entry.effect == Effect({60: -2}, pending=-6, contra="issued")


def test_spent_points_become_a_debt_that_later_credits_pay() -> None:
    account, accrual = granted(9, 7)
    after, (entry,) = claw_back(account, accrual, 9)
    assert entry.effect == Effect({50: -2}, debt=7, contra="issued")
    assert (after.debt, after.accrued, after.status) == (7, 0, "active")
    assert (entry.points, entry.balance_after) == (-2, 0)
    some, entry = accrue(after, 5, 60)
    assert entry.effect == Effect({}, debt=-5, contra="issued")
    assert (some.debt, some.accrued, entry.points) == (2, 5, 0)
    rest, entry = accrue(some, 5, 60)
    assert (rest.debt, rest.lots, entry.points) == (0, {60: 3}, 3)


def test_missing_growth_is_written_off_by_an_entry_of_its_own() -> None:
    account, accrual = granted(9, 7, "growth")
    after, (entry, write_off) = claw_back(account, accrual, 9)
    assert entry.effect == Effect({50: -2}, debt=7, contra="issued")
    assert write_off.effect == Effect({}, debt=-7, contra="written_off")
    assert (write_off.type, write_off.seq) == ("adjustment", entry.seq + 1)
    assert write_off.reference == f"{REFUND.reference}:written_off"
    assert (write_off.rule, write_off.points) == ("refund", 0)
    assert (after.debt, after.accrued, after.adjusted) == (0, 0, 0)
    assert after.status == "active"
    _, entries = claw_back(account, accrual, 2)
    assert len(entries) == 1


def test_missing_rebate_cash_is_a_debt_and_freezes_the_account() -> None:
    account, accrual = granted(9, 7, "rebate_cash")
    after, (entry,) = claw_back(account, accrual, 9)
    assert (after.debt, after.status, entry.effect.debt) == (7, "frozen", 7)
    whole, _ = claw_back(account, accrual, 2)
    assert (whole.debt, whole.status) == (0, "active")


def test_only_an_accrual_is_clawed_back_and_only_up_to_its_points() -> None:
    account, accrual = granted(9, 0)
    spent, redemption = rules.redeem(account, 1, cause(), 0)
    with pytest.raises(ClawbackExceedsAccrual) as refused:
        claw_back(account, accrual, 10)
    assert refused.value.facts == {"granted": 9}
    with pytest.raises(NotReversible) as refused_type:
        claw_back(spent, redemption, 1)
    assert refused_type.value.facts == {"type": "redemption"}
    with pytest.raises(AccountMismatch):
        claw_back(change(account, id="mbr_2:points"), accrual, 1)
    for points in (0, -1):
        with pytest.raises(AssertionError, match=r"^a clawback takes points"):
            claw_back(account, accrual, points)
    assert account == granted(9, 0)[0]


def test_an_accrual_that_paid_a_debt_is_clawed_back_whole() -> None:
    owing = change(Account("mbr_1:points"), debt=4, adjusted=-4)
    account, accrual = accrue(owing, 9, 50)
    assert accrual.effect == Effect({50: 5}, debt=-4, contra="issued")
    after, (entry,) = claw_back(account, accrual, 9)
    assert entry.effect == Effect({50: -5}, debt=4, contra="issued")
    assert (after.debt, after.accrued) == (4, 0)


@property_of
@given(LOTS, st.integers(1, 60), st.integers(0, 60), st.integers(0, 60), st.data())
def test_a_clawback_takes_the_balance_and_owes_the_rest(
    lots: dict[int, int], points: int, waits: int, now_s: int, data: st.DataObject
) -> None:
    account, accrual = accrue(account_with(lots), points, 50)
    account = change(account, pending=waits, accrued=account.accrued + waits)
    wanted = data.draw(st.integers(1, points))
    pending = Pending("mbr_1:points", "accrual:1", waits, 50, 99, "test", None) if waits else None
    after, (entry,) = claw_back(account, accrual, wanted, pending, now_s * 1000)
    there = account.available(now_s * 1000)
    first = min(wanted, waits)
    assert -entry.effect.pending == first
    assert -sum(entry.lots.values()) == min(there, wanted - first)
    assert entry.effect.debt == after.debt == max(0, wanted - first - there)
    assert not after.debt or not after.available(now_s * 1000)
    assert all(-taken <= account.lots[expiry] for expiry, taken in entry.lots.items())
    assert all(expiry > now_s for expiry in entry.lots)
