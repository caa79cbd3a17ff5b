"""Movements: their effects and their refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger import rules
from chalicelib.ledger.errors import (
    AccountFrozen,
    AccountMismatch,
    InsufficientPoints,
    NotReversible,
    UnitMismatch,
)
from chalicelib.ledger.rules import MAX_POINTS, NEVER, Account, Effect, Pending
from tests.ledger.rules.making import (
    LOTS,
    POINTS,
    TIMES_MS,
    account_with,
    accrue,
    cause,
    change,
    in_debt,
    property_of,
)

pytestmark = pytest.mark.pure

UNITS = ("points", "growth", "rebate_cash")
WAITING = Pending("mbr_1:points", "accrual:1", 9, 50, 20, "test", "purchases")


def test_an_accrual_adds_a_lot() -> None:
    after, entry = accrue(account_with({50: 5}), 9, 50, 1_000)
    assert after.lots == {50: 14}
    assert (entry.type, entry.points, entry.balance_after) == ("accrual", 9, 14)
    assert entry.effect == Effect({50: 9}, contra="issued")
    assert (entry.reference, entry.rule, entry.content) == ("accrual:1", "purchases", b"content")
    assert (after.accrued, after.pending) == (14, 0)


def test_pending_points_are_not_available_until_they_are_unlocked() -> None:
    start = account_with({60: 5})
    waits, entry = accrue(start, 9, 50, 1_000, unlocks_at=20)
    assert entry.effect == Effect(pending=9, contra="issued")
    assert (entry.points, waits.available(1_000), waits.pending) == (0, 5, 9)
    after, unlock = rules.unlock(waits, WAITING, 2_000)
    assert unlock.effect == Effect({50: 9}, pending=-9)
    assert (unlock.type, unlock.points, unlock.balance_after) == ("unlock", 9, 14)
    assert (unlock.reference, unlock.source, unlock.rule) == (
        "accrual:1:unlock",
        "test",
        "purchases",
    )
    assert (unlock.occurred_at_ms, unlock.content) == (2_000, None)
    assert (after.accrued, after.pending, after.lots) == (14, 0, {60: 5, 50: 9})


def test_points_that_unlock_at_0_are_pending_too() -> None:
    _, entry = accrue(account_with(), 9, 50, 1_000, unlocks_at=0)
    assert entry.effect == Effect(pending=9, contra="issued")


def test_unlocked_points_pay_the_debt_first() -> None:
    waits, _ = accrue(in_debt(4), 9, 50, unlocks_at=20)
    assert waits.debt == 4
    after, entry = rules.unlock(waits, WAITING, 0)
    assert entry.effect == Effect({50: 5}, pending=-9, debt=-4)
    assert (entry.points, after.debt) == (5, 0)


@pytest.mark.parametrize("points", [0, -1, MAX_POINTS + 1, -MAX_POINTS - 1, True, 1.0])
def test_a_movement_has_whole_points_up_to_a_limit(points: int) -> None:
    account = account_with({50: 5})
    whole = type(points) is int
    why = r"^a movement moves points" if whole else r"^points are integers"
    for move in (
        lambda: accrue(account, points, 50),
        lambda: rules.redeem(account, points, cause(), 0),
        lambda: rules.hold(account, "shop:1", points, 60, cause(), 0),
    ):
        with pytest.raises(AssertionError, match=why):
            move()
    if points != -1 and points is not True:
        with pytest.raises(AssertionError, match=why):
            rules.adjust(account, points, 60, cause(), 0)


def test_a_movement_has_1_point_at_least_and_a_limit_at_most() -> None:
    rich, _ = accrue(account_with({50: 1}), MAX_POINTS, NEVER)
    assert rich.posted == MAX_POINTS + 1
    after, entry = rules.redeem(rich, MAX_POINTS, cause(), 0)
    assert after.lots == {NEVER: 1}
    assert entry.points == -MAX_POINTS
    assert rules.redeem(after, 1, cause(), 0)[0].lots == {}
    with pytest.raises(AssertionError):
        rules.redeem(rich, MAX_POINTS + 1, cause(), 0)


def test_a_redemption_takes_the_soonest_points() -> None:
    start = account_with({300: 5, 100: 5, 200: 5})
    after, entry = rules.redeem(start, 7, cause("order:1"), 0)
    assert entry.effect == Effect({100: -5, 200: -2}, contra="redeemed")
    assert (entry.type, entry.reference, entry.points) == ("redemption", "order:1", -7)
    assert after.lots == {200: 3, 300: 5}
    assert after.redeemed == 7


def test_a_point_is_unspendable_from_its_exact_second() -> None:
    account = account_with({100: 5})
    assert rules.redeem(account, 5, cause(), 99_999)[0].posted == 0
    with pytest.raises(InsufficientPoints) as refused:
        rules.redeem(account, 1, cause(), 100_000)
    assert refused.value.facts == {"missing_points": 1}


def test_a_clock_that_steps_back_spends_no_lapsed_points() -> None:
    account = account_with({100: 5, 300: 1}, at_ms=0)
    later, _ = rules.redeem(account, 1, cause(), 0)
    later = change(later, last_at_ms=200_000)
    with pytest.raises(InsufficientPoints):
        rules.redeem(later, 5, cause(), 50_000)


@property_of
@given(LOTS, POINTS, TIMES_MS)
def test_a_refusal_names_the_missing_points_and_changes_nothing(
    lots: dict[int, int], points: int, now_ms: int
) -> None:
    account = account_with(lots)
    kept, before = dict(account.lots), account.available(now_ms)
    if points > before:
        with pytest.raises(InsufficientPoints) as refused:
            rules.redeem(account, points, cause(), now_ms)
        assert refused.value.facts == {"missing_points": points - before}
    else:
        after, entry = rules.redeem(account, points, cause(), now_ms)
        assert after.available(now_ms) == entry.balance_after == before - points
    assert account.lots == kept


def spend(account: Account, points: int, how: str) -> object:
    limits = rules.TransferLimits(100, 100, 9)
    if how == "redeem":
        return rules.redeem(account, points, cause(), 0)
    if how == "hold":
        return rules.hold(account, "shop:1", points, 60, cause(), 0)
    return rules.send(account, points, limits, 1, cause(), 0)


@pytest.mark.parametrize("how", ["redeem", "hold", "send"])
def test_members_cannot_take_points_out_of_a_frozen_account(how: str) -> None:
    account = account_with({60: 5}, status="frozen")
    kept = account_with({60: 5}, status="frozen")
    for points in (5, 6):
        with pytest.raises(AccountFrozen):
            spend(account, points, how)
    assert account == kept


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("how", ["redeem", "hold", "send"])
def test_a_unit_is_spent_and_given_by_its_terms(unit: str, how: str) -> None:
    good = unit == "points" or (unit == "rebate_cash" and how != "send")
    account = account_with({60: 5}, unit)
    if good:
        spend(account, 5, how)
        return
    for status in ("active", "frozen"):
        with pytest.raises(UnitMismatch) as refused:
            spend(change(account, status=status), 6, how)
        assert refused.value.facts == {"unit": unit}
    assert account == account_with({60: 5}, unit)


def test_a_frozen_account_receives_points() -> None:
    account = account_with({60: 5}, status="frozen")
    assert accrue(account, 5, 60)[0].posted == 10
    assert rules.receive(account, {60: 5}, cause(), 0)[0].posted == 10
    assert rules.adjust(account, 5, 60, cause(), 0)[0].posted == 10
    assert rules.adjust(account, -5, 60, cause(), 0)[0].posted == 0


def test_a_reversal_returns_points_to_their_lots() -> None:
    spent, redemption = rules.redeem(account_with({100: 5, 200: 5}), 8, cause("order:1"), 0)
    after, entry = rules.reverse(spent, redemption, cause("any"), 50_000)
    assert entry.effect == Effect({100: 5, 200: 3}, contra="redeemed")
    assert (entry.type, entry.reference) == ("reversal", "order:1:reversed")
    assert rules.reversal_of("order:1") == "order:1:reversed"
    assert (after.lots, after.redeemed) == ({100: 5, 200: 5}, 0)


def test_points_of_a_lapsed_lot_are_returned_lapsed() -> None:
    spent, redemption = rules.redeem(account_with({100: 5, 200: 5}), 8, cause(), 0)
    after, entry = rules.reverse(spent, redemption, cause(), 150_000)
    assert (entry.points, after.available(150_000)) == (3, 5)
    assert after.lots == {100: 5, 200: 5}
    gone, expiry = rules.expire(after, 150_000)
    assert expiry is not None
    assert (gone.lots, gone.expired, expiry.points) == ({200: 5}, 5, 0)


def test_an_unclaimed_transfer_is_returned() -> None:
    sent, out = rules.send(
        account_with({100: 5}), 4, rules.TransferLimits(9, 9, 9), 1, cause("transfer:1"), 0
    )
    assert sent.transferred == -4
    after, entry = rules.reverse(sent, out, cause(), 0)
    assert entry.effect == Effect({100: 4}, contra="transfers")
    assert (after.transferred, after.lots) == (0, {100: 5})


def test_only_redemptions_and_transfers_are_reversed() -> None:
    account, accrual = accrue(account_with(), 9, 50)
    spent, redemption = rules.redeem(account, 9, cause(), 0)
    _, reversal = rules.reverse(spent, redemption, cause(), 0)
    _, adjustment = rules.adjust(account, -1, 50, cause(), 0)
    for entry in (accrual, reversal, adjustment):
        with pytest.raises(NotReversible) as refused:
            rules.reverse(spent, entry, cause(), 0)
        assert refused.value.facts == {"type": entry.type}
    other = change(account, id="mbr_2:points")
    with pytest.raises(AccountMismatch):
        rules.reverse(other, redemption, cause(), 0)


def test_a_reversal_pays_the_debt_first() -> None:
    spent, redemption = rules.redeem(account_with({50: 9}), 9, cause(), 0)
    owing = change(spent, debt=4, adjusted=-4)
    after, entry = rules.reverse(owing, redemption, cause(), 0)
    assert entry.effect == Effect({50: 5}, debt=-4, contra="redeemed")
    assert (after.debt, after.redeemed, entry.points) == (0, 0, 5)


def test_an_adjustment_gives_a_lot_or_takes_the_soonest_points() -> None:
    start = account_with({50: 5, 60: 5})
    given, entry = rules.adjust(start, 7, 55, cause("adjustment:1"), 0)
    assert entry.effect == Effect({55: 7}, contra="adjusted")
    assert (entry.type, entry.reference, given.adjusted) == ("adjustment", "adjustment:1", 7)
    taken, entry = rules.adjust(start, -7, 55, cause(), 0)
    assert entry.effect == Effect({50: -5, 60: -2}, contra="adjusted")
    assert (entry.type, entry.points, taken.adjusted) == ("adjustment", -7, -7)
    one, _ = rules.adjust(start, 1, 55, cause(), 0)
    assert one.lots == {50: 5, 60: 5, 55: 1}
    with pytest.raises(InsufficientPoints) as refused:
        rules.adjust(start, -11, 55, cause(), 0)
    assert refused.value.facts == {"missing_points": 1}
    paid, _ = rules.adjust(in_debt(4), 9, 55, cause(), 0)
    assert (paid.debt, paid.lots) == (0, {55: 5})


def test_one_expiry_entry_removes_all_lapsed_lots() -> None:
    start = account_with({50: 5, 60: 7, 70: 1})
    after, entry = rules.expire(start, 60_000)
    assert entry is not None
    assert entry.effect == Effect({50: -5, 60: -7}, contra="expired")
    assert (entry.type, entry.reference, entry.source) == ("expiry", "expiry:60:4", "expiry")
    assert (entry.occurred_at_ms, entry.recorded_at_ms) == (60_000, 60_000)
    assert (entry.points, entry.balance_after) == (-12, 1)
    assert (after.lots, after.expired) == ({70: 1}, 12)


def test_an_account_without_lapsed_lots_has_no_expiry() -> None:
    start = account_with({50: 5})
    assert rules.expire(start, 49_999) == (start, None)
    assert rules.expire(account_with(), 10**15) == (Account("mbr_1:points"), None)


def test_lapsed_points_stay_lapsed_when_the_clock_steps_back() -> None:
    start = change(account_with({50: 5}), last_at_ms=50_000)
    after, entry = rules.expire(start, 49_000)
    assert entry is not None
    assert (after.lots, entry.recorded_at_ms) == ({}, 50_000)


@property_of
@given(LOTS, st.integers(0, 90), TIMES_MS)
def test_a_credit_of_many_lots_pays_debts_and_keeps_the_rest(
    given_lots: dict[int, int], debt: int, now_ms: int
) -> None:
    owing = change(Account("mbr_1:points"), debt=debt, adjusted=-debt)
    after, entry = rules.receive(owing, given_lots, cause("transfer:1"), now_ms)
    live = sum(points for expiry, points in given_lots.items() if expiry * 1000 > now_ms)
    assert after.debt == max(0, debt - live)
    assert after.available(now_ms) == max(0, live - debt) == entry.points
    assert after.transferred == sum(given_lots.values())
    assert (entry.type, entry.reference) == ("transfer_in", "transfer:1")
