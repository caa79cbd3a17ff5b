"""Holds: set aside once, ended once, in whole or in part, lapsed or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.ledger import rules
from chalicelib.ledger.errors import (
    AccountMismatch,
    CaptureExceedsHold,
    HoldEnded,
    HoldLapsed,
    InsufficientPoints,
)
from chalicelib.ledger.rules import Account, Effect, Hold
from chalicelib.ledger.rules.holds import captured_by, hold_reference, status_of
from tests.ledger.rules.making import (
    LOTS,
    account_with,
    accrue,
    cause,
    change,
    in_debt,
    property_of,
)

pytestmark = pytest.mark.pure

ASK = cause("shop asks", "shop rule")


def held(lots: dict[int, int], points: int, until: int = 100) -> tuple[Account, Hold]:
    account, _, made = rules.hold(account_with(lots), "shop:1", points, until, ASK, 0)
    return account, made


def test_a_hold_sets_the_soonest_points_aside() -> None:
    account, entry, made = rules.hold(account_with({60: 7, 50: 5}), "shop:1", 9, 100, ASK, 0)
    assert entry.effect == Effect({50: -5, 60: -4}, held=9)
    assert (entry.type, entry.reference, entry.points) == ("hold", "hold:shop:1", -9)
    assert (account.held, account.posted, account.redeemed) == (9, 3, 0)
    assert made == Hold("shop:1", "mbr_1:points", 9, {50: 5, 60: 4}, 100, True, "test", b"content")
    assert made.reference == hold_reference("shop:1") == "hold:shop:1"
    assert made.end_reference == "hold:shop:1:end"


def test_a_hold_without_content_has_an_empty_digest() -> None:
    bare = ASK._replace(content=None)
    _, _, made = rules.hold(account_with({60: 7}), "shop:1", 1, 100, bare, 0)
    assert made.content == b""


@pytest.mark.parametrize(("unit", "honours"), [("points", True), ("rebate_cash", True)])
def test_a_hold_keeps_its_units_policy_for_lapsed_points(unit: str, honours: bool) -> None:
    _, _, made = rules.hold(account_with({60: 7}, unit), "shop:1", 1, 100, ASK, 0)
    assert made.honours_lapsed is honours is rules.UNITS[unit].honours_lapsed


def test_a_hold_of_more_than_the_balance_is_refused() -> None:
    account = account_with({60: 7})
    with pytest.raises(InsufficientPoints) as refused:
        rules.hold(account, "shop:1", 8, 100, ASK, 0)
    assert refused.value.facts == {"missing_points": 1}
    assert account == account_with({60: 7})


def test_a_capture_spends_all_of_a_hold() -> None:
    account, made = held({50: 5, 60: 7}, 9)
    after, entry = rules.capture(account, made, None, cause("x", "y"), 0)
    assert entry.effect == Effect({}, held=-9, contra="redeemed")
    assert (entry.type, entry.reference, entry.source) == ("capture", "hold:shop:1:end", "test")
    assert (entry.points, entry.rule) == (0, "y")
    assert (after.held, after.redeemed, after.lots) == (0, 9, {60: 3})
    assert captured_by(entry) == 9
    assert rules.capture(account, made, 9, cause("x", "y"), 0) == (after, entry)


def test_a_partial_capture_takes_the_soonest_points_and_returns_the_rest_to_their_lots() -> None:
    account, made = held({50: 5, 60: 7}, 9)
    after, entry = rules.capture(account, made, 6, cause(), 0)
    assert entry.effect == Effect({60: 3}, held=-9, contra="redeemed")
    assert (after.held, after.redeemed, after.lots) == (0, 6, {60: 6})
    assert captured_by(entry) == 6
    one, entry = rules.capture(account, made, 1, cause(), 0)
    assert (one.lots, captured_by(entry)) == ({50: 4, 60: 7}, 1)


def test_a_capture_above_its_hold_is_refused() -> None:
    account, made = held({50: 12}, 9)
    with pytest.raises(CaptureExceedsHold) as refused:
        rules.capture(account, made, 10, cause(), 0)
    assert refused.value.facts == {"held": 9}
    assert (account.held, account.lots) == (9, {50: 3})


@pytest.mark.parametrize("points", [0, -1])
def test_a_capture_of_no_points_is_refused(points: int) -> None:
    account, made = held({50: 12}, 9)
    with pytest.raises(AssertionError, match=r"^a capture takes points"):
        rules.capture(account, made, points, cause(), 0)


def test_a_hold_times_out_at_its_exact_second() -> None:
    account, made = held({500: 12}, 9, until=100)
    assert not made.has_timed_out(99_999)
    assert made.has_timed_out(100_000)
    assert rules.capture(account, made, 1, cause(), 99_999)[0].redeemed == 1
    with pytest.raises(HoldEnded) as refused:
        rules.capture(account, made, 10, cause(), 100_000)
    assert refused.value.facts == {"hold_status": "expired"}
    late = change(account, last_at_ms=100_000)
    with pytest.raises(HoldEnded):
        rules.capture(late, made, 1, cause(), 50_000)


def test_points_lapsed_in_a_hold_can_be_captured_if_the_unit_honours_them() -> None:
    account, made = held({50: 5, 60: 7}, 12)
    after, entry = rules.capture(account, made, 12, cause(), 55_000)
    assert (after.redeemed, captured_by(entry)) == (12, 12)
    part, entry = rules.capture(account, made, 6, cause(), 55_000)
    assert part.lots == {60: 6}
    few, entry = rules.capture(account, made, 2, cause(), 55_000)
    assert (few.lots, entry.points) == ({50: 3, 60: 7}, 7)


def test_points_lapsed_in_a_hold_are_lost_if_the_unit_does_not_honour_them() -> None:
    account, made = held({50: 5, 60: 7}, 12)
    strict = replace(made, honours_lapsed=False)
    with pytest.raises(HoldLapsed) as refused:
        rules.capture(account, strict, 8, cause(), 50_000)
    assert refused.value.facts == {"capturable": 7}
    after, entry = rules.capture(account, strict, 6, cause(), 50_000)
    assert (after.lots, after.redeemed, entry.points) == ({50: 5, 60: 1}, 6, 1)
    full, _ = rules.capture(account, strict, 7, cause(), 50_000)
    assert full.lots == {50: 5}
    early, _ = rules.capture(account, strict, 8, cause(), 49_999)
    assert early.lots == {60: 4}


def test_a_held_lot_lapses_by_the_accounts_time_and_not_by_a_late_clock() -> None:
    account, made = held({50: 5, 60: 7}, 12)
    late, strict = change(account, last_at_ms=50_000), replace(made, honours_lapsed=False)
    with pytest.raises(HoldLapsed):
        rules.capture(late, strict, 8, cause(), 40_000)


def test_a_release_returns_points_to_their_lots() -> None:
    account, made = held({50: 5, 60: 7}, 9)
    after, entry = rules.release(account, made, cause("x", "time_out"), 0)
    assert entry.effect == Effect({50: 5, 60: 4}, held=-9)
    assert (entry.type, entry.reference, entry.rule) == ("release", "hold:shop:1:end", "time_out")
    assert (after.lots, after.held, after.redeemed) == ({50: 5, 60: 7}, 0, 0)
    assert captured_by(entry) == 0
    shops = replace(made, source="partner:shop")
    for end in (rules.release, lambda *rest: rules.capture(*rest[:2], 1, *rest[2:])):
        assert end(account, shops, cause(), 0)[1].source == "partner:shop"
    late, entry = rules.release(account, made, cause(), 55_000)
    assert (late.lots, entry.points) == ({50: 5, 60: 7}, 4)


def test_released_points_pay_the_debt_first() -> None:
    account, _, made = rules.hold(account_with({50: 9}), "shop:1", 9, 100, ASK, 0)
    owing = change(account, debt=4, adjusted=-4)
    after, entry = rules.release(owing, made, cause(), 0)
    assert entry.effect == Effect({50: 5}, held=-9, debt=-4)
    assert after.debt == 0
    part, entry = rules.capture(owing, made, 7, cause(), 0)
    assert entry.effect == Effect({}, held=-9, debt=-2, contra="redeemed")
    assert (part.debt, part.redeemed, captured_by(entry)) == (2, 7, 7)
    assert in_debt(4).debt == 4


def test_a_frozen_accounts_hold_may_be_captured_and_released() -> None:
    account, made = held({50: 9}, 9)
    frozen = change(account, status="frozen")
    assert rules.capture(frozen, made, None, cause(), 0)[0].redeemed == 9
    assert rules.release(frozen, made, cause(), 0)[0].posted == 9


def test_a_hold_of_another_account_is_not_ended() -> None:
    _, made = held({50: 9}, 9)
    other = change(account_with({50: 9}, held=9), id="mbr_2:points")
    with pytest.raises(AccountMismatch):
        rules.capture(other, made, 1, cause(), 0)
    with pytest.raises(AccountMismatch):
        rules.release(other, made, cause(), 0)
    assert (other.held, other.lots) == (9, {50: 9})


def test_the_status_of_a_hold_shows_how_it_ended() -> None:
    account, made = held({500: 9}, 9, until=100)
    assert status_of(made, None, 99_999) == "held"
    assert status_of(made, None, 100_000) == "expired"
    _, capture = rules.capture(account, made, 1, cause(), 0)
    _, release = rules.release(account, made, cause(), 0)
    _, late = rules.release(account, made, cause("x", "time_out"), 0)
    for at_ms in (0, 10**9):
        assert status_of(made, capture, at_ms) == "captured"
        assert status_of(made, release, at_ms) == "released"
        assert status_of(made, late, at_ms) == "expired"


@property_of
@given(LOTS, st.data())
def test_captured_and_returned_points_sum_to_the_hold(
    lots: dict[int, int], data: st.DataObject
) -> None:
    there = sum(lots.values())
    if not there:
        return
    points = data.draw(st.integers(1, there))
    wanted = data.draw(st.integers(1, points))
    now_ms, honours = data.draw(st.integers(0, 61_000)), data.draw(st.booleans())
    account, made = held(lots, points)
    made = replace(made, honours_lapsed=honours)
    good = sum(p for e, p in made.lots.items() if honours or e * 1000 > now_ms)
    kept = dict(made.lots)
    if wanted > good:
        with pytest.raises(HoldLapsed) as refused:
            rules.capture(account, made, wanted, cause(), now_ms)
        assert refused.value.facts == {"capturable": good}
    else:
        after, entry = rules.capture(account, made, wanted, cause(), now_ms)
        assert after.posted == there - wanted
        assert captured_by(entry) == after.redeemed == wanted
        assert all(after.lots.get(e, 0) <= lots[e] for e in lots)
    assert made.lots == kept


def test_points_may_be_held_at_the_moment_of_their_accrual() -> None:
    account, _ = accrue(account_with(), 5, 60)
    _, _, made = rules.hold(account, "shop:1", 5, 100, ASK, 0)
    assert made.lots == {60: 5}
