"""Lots: their exact second, soonest first, debts, and never more than 36."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger.rules import lots
from chalicelib.ledger.rules.lots import MAX_LOTS
from tests.ledger.rules.making import EXPIRIES, LOTS, POINTS, TIMES_MS, property_of

pytestmark = pytest.mark.pure


def test_a_lot_lapses_at_its_exact_second() -> None:
    assert lots.is_live(100, 99_999)
    assert not lots.is_live(100, 100_000)
    assert not lots.is_live(100, 100_001)


@property_of
@given(LOTS, TIMES_MS)
def test_every_lot_is_either_live_or_lapsed(mine: dict[int, int], at_ms: int) -> None:
    live, lapsed = lots.live(mine, at_ms), lots.expired(mine, at_ms)
    assert live | lapsed == mine
    assert not set(live) & set(lapsed)
    assert all(expiry * 1000 > at_ms for expiry in live)
    assert all(expiry * 1000 <= at_ms for expiry in lapsed)


@property_of
@given(LOTS, st.dictionaries(EXPIRIES, st.integers(-50, 50), max_size=8))
def test_a_change_adds_points_and_leaves_no_empty_lot(
    mine: dict[int, int], by: dict[int, int]
) -> None:
    before, after = dict(mine), lots.moved(mine, by)
    assert mine == before
    for expiry in {*mine, *by}:
        assert after.get(expiry, 0) == mine.get(expiry, 0) + by.get(expiry, 0)
    assert 0 not in after.values()
    assert lots.moved(lots.moved(mine, by), lots.negative(by)) == mine


def test_the_opposite_of_a_change_has_opposite_signs() -> None:
    assert lots.negative({1: 5, 2: -3}) == {1: -5, 2: 3}


@property_of
@given(LOTS, st.data())
def test_taking_the_soonest_points_equals_taking_single_points_in_order(
    mine: dict[int, int], data: st.DataObject
) -> None:
    single = [expiry for expiry in sorted(mine) for _ in range(mine[expiry])]
    points = data.draw(st.integers(0, len(single)))
    wanted = {e: single[:points].count(e) for e in set(single[:points])}
    assert lots.soonest(mine, points) == wanted


@property_of
@given(LOTS, st.data())
def test_taking_the_latest_points_equals_taking_single_points_backwards(
    mine: dict[int, int], data: st.DataObject
) -> None:
    single = [expiry for expiry in sorted(mine, reverse=True) for _ in range(mine[expiry])]
    skipped = data.draw(st.integers(0, len(single)))
    points = data.draw(st.integers(0, len(single) - skipped))
    taken = single[skipped : skipped + points]
    before = dict(mine)
    assert lots.latest(mine, points, skipped) == {e: taken.count(e) for e in set(taken)}
    assert mine == before


@property_of
@given(LOTS, st.lists(st.integers(1, 40), max_size=8))
def test_successive_parts_make_the_whole_and_take_no_point_twice(
    mine: dict[int, int], parts: list[int]
) -> None:
    back: dict[int, int] = {}
    passed = 0
    for part in parts:
        points = min(part, sum(mine.values()) - passed)
        back = lots.moved(back, lots.latest(mine, points, passed))
        passed += points
    assert back == lots.latest(mine, passed, 0)
    assert all(points <= mine[expiry] for expiry, points in back.items())
    assert lots.moved(lots.soonest(mine, sum(mine.values()) - passed), back) == mine


def test_more_points_than_were_taken_cannot_be_returned() -> None:
    assert lots.latest({5: 2, 6: 3}, 3, 2) == {6: 1, 5: 2}
    assert lots.latest({5: 2, 6: 3}, 2, 3) == {5: 2}
    assert lots.latest({5: 2}, 0, 0) == {}
    for points, skipped in ((3, 0), (2, 1), (1, 2)):
        with pytest.raises(AssertionError, match=r"^nobody takes more than there is"):
            lots.latest({5: 2}, points, skipped)


def test_more_points_than_the_lots_hold_cannot_be_taken() -> None:
    assert lots.soonest({5: 2}, 2) == {5: 2}
    with pytest.raises(AssertionError, match=r"^nobody takes more than there is"):
        lots.soonest({5: 2}, 3)


@property_of
@given(LOTS, st.integers(0, 120), TIMES_MS)
def test_a_credit_pays_the_debt_with_its_soonest_live_points(
    credit: dict[int, int], debt: int, at_ms: int
) -> None:
    kept, paid = lots.after_debt(credit, debt, at_ms)
    live = sum(points for expiry, points in credit.items() if expiry * 1000 > at_ms)
    assert paid == min(debt, live)
    assert sum(kept.values()) == sum(credit.values()) - paid
    assert lots.expired(kept, at_ms) == lots.expired(credit, at_ms)
    gone = lots.moved(credit, lots.negative(kept))
    left_live = [expiry for expiry in kept if expiry * 1000 > at_ms]
    assert all(points > 0 for points in gone.values())
    assert not gone or not left_live or max(gone) <= min(left_live)


def many(count: int, step: int = 10) -> dict[int, int]:
    return {100 + number * step: 1 for number in range(count)}


def test_thirty_six_lots_stay_as_they_are() -> None:
    mine = many(MAX_LOTS - 1)
    assert lots.fitted(mine, {7_777: 5}, 0) == {7_777: 5}
    assert MAX_LOTS == 36


def test_of_thirty_seven_lots_the_closest_two_join_at_the_later_expiry() -> None:
    mine = many(MAX_LOTS)
    assert lots.fitted(mine, {103: 5}, 0) == {100: -1, 103: 6}
    assert lots.fitted(mine, {109: 5}, 0) == {110: 5}
    # Of equal distances, those that lapse first.
    assert lots.fitted(mine, {7_777: 5}, 0) == {100: -1, 110: 1, 7_777: 5}


def test_a_new_lot_at_a_known_expiry_needs_no_room() -> None:
    assert lots.fitted(many(MAX_LOTS), {110: 5}, 0) == {110: 5}


def test_lapsed_lots_neither_count_nor_are_joined() -> None:
    assert lots.fitted(many(MAX_LOTS), {7_777: 5}, 100_000) == {7_777: 5}
    assert lots.fitted(many(MAX_LOTS), {50: 5}, 99_999) == {50: 5}
    joined = lots.fitted(many(MAX_LOTS + 1), {7_777: 5}, 100_000)
    assert joined == {110: -1, 120: 1, 7_777: 5}


@property_of
@given(
    st.sets(st.integers(1, 4_000), min_size=20, max_size=36),
    st.dictionaries(st.integers(1, 4_000), POINTS, max_size=36),
    st.integers(0, 2_000_000),
)
def test_no_point_lapses_sooner_than_promised(
    expiries: set[int], credit: dict[int, int], at_ms: int
) -> None:
    mine = dict.fromkeys(expiries, 3)
    promised = lots.moved(mine, credit)
    after = lots.moved(mine, lots.fitted(mine, credit, at_ms))
    assert sum(after.values()) == sum(promised.values())
    assert len(lots.live(after, at_ms)) <= MAX_LOTS
    assert lots.expired(after, at_ms) == lots.expired(promised, at_ms)
    if len(lots.live(promised, at_ms)) >= MAX_LOTS:
        assert len(lots.live(after, at_ms)) == MAX_LOTS
    for time in {*promised, *after}:
        by_then = sum(points for expiry, points in after.items() if expiry <= time)
        assert by_then <= sum(points for expiry, points in promised.items() if expiry <= time)


def test_the_closest_lots_are_joined_first() -> None:
    mine = many(MAX_LOTS)
    after = lots.moved(mine, lots.fitted(mine, {104: 1, 117: 1}, 0))
    assert 117 not in after
    assert after[120] == 2
    assert 100 not in after
    assert after[104] == 2
    gaps = [later - sooner for sooner, later in pairwise(sorted(after))]
    assert min(gaps) == 6
