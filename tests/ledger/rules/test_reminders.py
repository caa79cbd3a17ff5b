"""Reminders: once for each lot and number of days ahead, never of lapsed points."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger.rules import NEVER, Account
from chalicelib.ledger.rules.reminders import DAY_S, Reminder, due_reminders, next_reminder_at
from tests.ledger.rules.making import account_with, change, property_of

pytestmark = pytest.mark.pure

DAYS = (30, 7, 1)
LOT = 100 * DAY_S


def at(days_before: int, seconds: int = 0) -> int:
    """Milliseconds so many days before LOT lapses."""
    return (LOT - days_before * DAY_S + seconds) * 1000


def test_the_next_reminder_is_the_first_one_not_given() -> None:
    account = account_with({LOT: 5})
    assert DAY_S == 24 * 60 * 60
    for days, after in ((30, 0), (7, LOT - 30 * DAY_S), (1, LOT - 7 * DAY_S)):
        told = change(account, reminded_s=after)
        assert next_reminder_at(told, DAYS) == LOT - days * DAY_S
    assert next_reminder_at(change(account, reminded_s=LOT - DAY_S), DAYS) is None
    assert next_reminder_at(change(account, reminded_s=LOT - DAY_S - 1), DAYS) == LOT - DAY_S
    assert next_reminder_at(change(account, reminded_s=LOT), DAYS) is None
    assert next_reminder_at(account, ()) is None
    assert next_reminder_at(Account("mbr_1:points"), DAYS) is None


def test_a_reminder_is_due_from_its_exact_second_until_the_lot_lapses() -> None:
    account = account_with({LOT: 5})
    assert due_reminders(account, DAYS, at(30) - 1) == []
    assert due_reminders(account, DAYS, at(30)) == [Reminder(LOT, 5, 30)]
    assert due_reminders(account, DAYS, at(7, -1)) == [Reminder(LOT, 5, 30)]
    told = change(account, reminded_s=LOT - 7 * DAY_S)
    assert due_reminders(told, DAYS, at(0, -1)) == [Reminder(LOT, 5, 1)]
    assert due_reminders(told, DAYS, at(0)) == []


def test_a_lot_that_lapses_soon_after_the_last_reminder_is_reminded_of() -> None:
    now_s = 1_790_000_000
    account = change(account_with({now_s + 2 * DAY_S: 5}), reminded_s=now_s)
    assert next_reminder_at(account, DAYS) == now_s + DAY_S


def test_only_the_nearest_of_several_reminders_of_a_lot_is_given() -> None:
    account = account_with({LOT: 5})
    assert due_reminders(account, DAYS, at(1)) == [Reminder(LOT, 5, 1)]
    assert due_reminders(account, (1, 7, 30), at(7)) == [Reminder(LOT, 5, 7)]


def test_points_that_never_lapse_have_no_reminder_and_hide_none() -> None:
    account = account_with({NEVER: 5, LOT: 2})
    assert next_reminder_at(account, DAYS) == LOT - 30 * DAY_S
    assert due_reminders(account, DAYS, (NEVER - DAY_S) * 1000) == []
    assert due_reminders(account, DAYS, at(30)) == [Reminder(LOT, 2, 30)]


def test_reminders_of_several_lots_come_soonest_first() -> None:
    account = account_with({LOT + DAY_S: 3, LOT: 2, LOT - DAY_S: 1})
    assert due_reminders(account, DAYS, at(6)) == [
        Reminder(LOT - DAY_S, 1, 7),
        Reminder(LOT, 2, 7),
        Reminder(LOT + DAY_S, 3, 7),
    ]


@property_of
@given(
    st.dictionaries(st.integers(40, 120), st.integers(1, 9), max_size=6),
    st.lists(st.integers(1, 20 * DAY_S), max_size=40),
    st.lists(st.integers(1, 35), min_size=1, max_size=3, unique=True),
)
def test_each_reminder_is_given_once_and_none_is_left_out(
    lots: dict[int, int], waits: list[int], days_ahead: list[int]
) -> None:
    account = account_with({day * DAY_S: points for day, points in lots.items()})
    given_ones: Counter[tuple[int, int]] = Counter()
    now_s = 0
    for wait in [*waits, 1]:
        before, now_s = now_s, now_s + wait
        told = due_reminders(account, days_ahead, now_s * 1000)
        given_ones.update((each.expires_at, each.days) for each in told)
        for expiry, points in account.lots.items():
            crossed = [d for d in days_ahead if before < expiry - d * DAY_S <= now_s < expiry]
            mine = [each for each in told if each.expires_at == expiry]
            assert mine == ([Reminder(expiry, points, min(crossed))] if crossed else [])
        due = next_reminder_at(account, days_ahead)
        if told:
            assert due is not None
            assert due <= now_s
        account = change(account, reminded_s=now_s)
        assert due_reminders(account, days_ahead, now_s * 1000) == []
    assert set(given_ones.values()) <= {1}
