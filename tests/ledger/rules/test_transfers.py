"""Transfers between members: limits, both sides' lots, escrow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger import rules
from chalicelib.ledger.errors import InsufficientPoints, TransferLimitReached, UnitMismatch
from chalicelib.ledger.rules import Effect, TransferLimits
from chalicelib.ledger.rules.lots import negative
from chalicelib.ledger.rules.transfers import Escrow, transfer_reference
from tests.ledger.rules.making import LOTS, POINTS, account_with, cause, property_of

pytestmark = pytest.mark.pure

LIMITS = TransferLimits(points_at_once=10, points_a_day=25, times_a_day=3)
DAY = 739_000


def send(account: rules.Account, points: int, day: int = DAY) -> tuple[rules.Account, rules.Entry]:
    return rules.send(account, points, LIMITS, day, cause("transfer:1"), 0)


def refused(account: rules.Account, points: int, day: int = DAY) -> dict[str, object]:
    lots = dict(account.lots)
    with pytest.raises(TransferLimitReached) as error:
        send(account, points, day)
    assert account.lots == lots
    return error.value.facts


def test_a_transfer_leaves_soonest_first_and_is_counted() -> None:
    after, entry = send(account_with({60: 7, 50: 5}), 9)
    assert entry.effect == Effect({50: -5, 60: -4}, contra="transfers")
    assert (entry.type, entry.reference, entry.points) == ("transfer_out", "transfer:1", -9)
    assert (after.sent_on, after.sent, after.sends, after.transferred) == (DAY, 9, 1, -9)
    again, _ = send(after, 1)
    assert (again.sent_on, again.sent, again.sends) == (DAY, 10, 2)


def test_the_points_of_one_transfer_are_limited() -> None:
    account = account_with({60: 100})
    assert send(account, 10)[0].sent == 10
    assert refused(account, 11) == {"limit": "points_at_once", "at_most": 10}


def test_the_transferred_points_of_a_day_are_limited() -> None:
    account, _ = send(send(account_with({60: 100}), 10)[0], 9)
    assert refused(account, 7) == {"limit": "points_a_day", "at_most": 6}
    full, _ = send(account, 6)
    assert full.sent == 25
    assert refused(full, 1) == {"limit": "points_a_day", "at_most": 0}
    lowered = TransferLimits(10, 20, 9)
    with pytest.raises(TransferLimitReached) as error:
        rules.send(full, 1, lowered, DAY, cause(), 0)
    assert error.value.facts == {"limit": "points_a_day", "at_most": 0}


def test_the_transfers_of_a_day_are_limited() -> None:
    account = account_with({60: 100})
    for _ in range(3):
        account, _ = send(account, 1)
    assert refused(account, 1) == {"limit": "times_a_day", "at_most": 3}


def test_a_refusal_names_the_points_that_can_still_be_sent() -> None:
    account, _ = send(send(account_with({60: 100}), 10)[0], 10)
    assert refused(account, 11) == {"limit": "points_a_day", "at_most": 5}
    assert send(account, 5)[0].sent == 25
    spent, _ = send(account, 1)
    assert refused(spent, 11) == {"limit": "times_a_day", "at_most": 3}
    assert refused(send(spent, 1, DAY + 1)[0], 11, DAY + 1) == {
        "limit": "points_at_once",
        "at_most": 10,
    }


def test_a_new_day_has_new_limits() -> None:
    account = account_with({60: 100})
    for _ in range(3):
        account, _ = send(account, 8)
    after, _ = send(account, 10, DAY + 1)
    assert (after.sent_on, after.sent, after.sends) == (DAY + 1, 10, 1)
    assert (account.sent_on, account.sent, account.sends) == (DAY, 24, 3)


def test_limits_are_checked_before_the_balance_and_a_refused_transfer_is_not_counted() -> None:
    poor = account_with({60: 5})
    assert refused(poor, 11) == {"limit": "points_at_once", "at_most": 10}
    with pytest.raises(InsufficientPoints) as error:
        send(poor, 6)
    assert error.value.facts == {"missing_points": 1}
    assert (poor.sent_on, poor.sent, poor.sends) == (0, 0, 0)


@property_of
@given(LOTS, LOTS, POINTS)
def test_received_points_keep_the_senders_expiry(
    senders: dict[int, int], receivers: dict[int, int], points: int
) -> None:
    sender, receiver = account_with(senders), account_with(receivers)
    there = sum(senders.values())
    if points > min(there, 50):
        return
    limits = TransferLimits(100, 100, 1)
    left, out = rules.send(sender, points, limits, DAY, cause(), 0)
    got, entry = rules.receive(receiver, negative(out.lots), cause(), 0)
    for time in {*senders, *receivers}:
        before = senders.get(time, 0) + receivers.get(time, 0)
        assert left.lots.get(time, 0) + got.lots.get(time, 0) == before
    assert left.transferred + got.transferred == 0
    assert entry.effect.contra == "transfers"


def test_only_points_can_be_received() -> None:
    for unit in ("growth", "rebate_cash"):
        with pytest.raises(UnitMismatch) as error:
            rules.receive(account_with(unit=unit), {60: 1}, cause(), 0)
        assert error.value.facts == {"unit": unit}


def test_an_escrow_holds_the_points_of_its_lots() -> None:
    escrow = Escrow("claimant", "7", "mbr_1:points", {50: 3, 60: 4}, 100, b"sealed")
    assert escrow.points == 7
    assert transfer_reference("7") == "transfer:7"


def test_a_clock_before_the_last_transfers_day_starts_a_new_count() -> None:
    account, _ = send(account_with({60: 100}), 10)
    after, _ = send(account, 10, DAY - 1)
    assert (after.sent_on, after.sent) == (DAY - 1, 10)


def test_other_movements_keep_the_days_count() -> None:
    account, out = send(account_with({60: 100}), 10)
    back, _ = rules.reverse(account, out, cause(), 0)
    assert (back.sent_on, back.sent, back.sends) == (DAY, 10, 1)


ANY_LIMITS = st.builds(TransferLimits, st.integers(1, 30), st.integers(1, 60), st.integers(1, 5))


@property_of
@given(ANY_LIMITS, st.lists(st.tuples(st.integers(1, 35), st.integers(0, 2)), max_size=20))
def test_no_day_exceeds_its_limits(limits: TransferLimits, tries: list[tuple[int, int]]) -> None:
    account = account_with({60: 10_000})
    days: dict[int, list[int]] = {}
    for points, later in sorted(tries, key=lambda each: each[1]):
        sent = days.setdefault(later, [])
        good = (
            points <= limits.points_at_once
            and sum(sent) + points <= limits.points_a_day
            and len(sent) < limits.times_a_day
        )
        try:
            account, _ = rules.send(account, points, limits, DAY + later, cause(), 0)
        except TransferLimitReached:
            assert not good
        else:
            assert good
            sent.append(points)
