"""Sweeps: expiries, reminders, time-outs, unlocks and returns happen once each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.tables import connection
from chalicelib.ledger import InsufficientPoints, queries
from chalicelib.ledger.actions import reminders, sweeps
from tests.ledger.books import DAY_S, NOW, cause, entries_of, give, new_account, sound, spend

pytestmark = pytest.mark.usefixtures("engine")

NOW_S = int(NOW.timestamp())


@pytest.fixture
def requests(engine: str) -> Iterator[list[str]]:
    """The operations sent to the engine by all threads."""
    made: list[str] = []

    def count(model: Any, **_: Any) -> None:
        made.append(model.name)

    events = connection().client.meta.events
    events.register("before-call.dynamodb", count)
    yield made
    events.unregister("before-call.dynamodb", count)


@pytest.fixture
def reminded(monkeypatch: pytest.MonkeyPatch) -> list[Fact]:
    sent: list[Fact] = []
    monkeypatch.setattr(reminders, "publish", sent.extend)
    return sent


def test_an_expiry_is_recorded_once() -> None:
    account_id = new_account()
    give(account_id, 5, "r1", expires_at=NOW_S + 10)
    give(account_id, 7, "r2")
    late = NOW + timedelta(hours=1)
    assert sweeps.expire_accounts(late) >= 1
    sweeps.expire_accounts(late)
    account = sound(account_id)
    assert (account.available(clock.to_ms(late)), account.expired) == (7, 5)
    last = entries_of(account_id)[-1]
    assert (last.type, last.points, last.balance_after) == ("expiry", -5, 7)
    assert last.postings[0].account == "program:points:expired"


def test_a_lapsed_point_is_unspendable_before_any_sweep() -> None:
    account_id = new_account()
    give(account_id, 5, "r1", expires_at=NOW_S + 10)
    before = sound(account_id)
    with pytest.raises(InsufficientPoints):
        spend(account_id, 1, "r2", NOW + timedelta(seconds=10))
    assert sound(account_id) == before
    spend(account_id, 1, "r2", NOW + timedelta(seconds=9, milliseconds=999))


def test_a_write_that_finds_lapsed_points_writes_the_lapse_first() -> None:
    account_id = new_account()
    give(account_id, 5, "r1", expires_at=NOW_S + 10)
    give(account_id, 3, "r2", now=NOW + timedelta(minutes=1))
    assert [entry.type for entry in entries_of(account_id)] == ["accrual", "expiry", "accrual"]
    assert sound(account_id).posted == 3


def test_a_failure_of_one_account_does_not_stop_a_sweep(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, good = new_account(), new_account()
    for account_id in (bad, good):
        give(account_id, 5, "r1", expires_at=NOW_S + 20)
    expire = sweeps.expire

    def sometimes(account_id: str, now: Any) -> Any:
        if account_id == bad:
            raise RuntimeError
        return expire(account_id, now)

    late = NOW + timedelta(hours=1)
    monkeypatch.setattr(sweeps, "expire", sometimes)
    with pytest.raises(ExceptionGroup):
        sweeps.expire_accounts(late)
    assert sound(good).posted == 0
    assert sound(bad).posted == 5
    monkeypatch.setattr(sweeps, "expire", expire)
    sweeps.expire_accounts(late)
    assert sound(bad).posted == 0


def test_the_requests_of_a_sweep_grow_only_with_due_accounts(requests: list[str]) -> None:
    late = NOW + timedelta(days=400)
    sweeps.expire_accounts(late)

    def run(now: datetime) -> list[str]:
        requests.clear()
        sweeps.expire_accounts(now)
        return sorted(requests)

    idle = run(late)
    assert idle == ["Query"] * 8
    for _ in range(5):
        give(new_account(), 5, "r1", expires_at=int(late.timestamp()) + DAY_S, now=late)
    assert run(late) == idle
    for _ in range(3):
        give(new_account(), 5, "r1", expires_at=int(late.timestamp()) + 1, now=late)
    due = ["GetItem"] * 3 + idle + ["TransactWriteItems"] * 3
    assert run(late + timedelta(seconds=2)) == due


def test_each_lot_has_one_reminder_for_each_number_of_days(reminded: list[Fact]) -> None:
    account_id = new_account()
    lapse_s = NOW_S + 40 * DAY_S
    give(account_id, 5, "r1", expires_at=lapse_s)
    days: list[tuple[int, int]] = []
    for day in range(41):
        for _ in range(2):
            sweeps.remind_accounts(NOW + timedelta(days=day, minutes=5))
        ours = [f for f in reminded if f.data.member_id == account_id.partition(":")[0]]
        days += [(day, fact.data.days) for fact in ours]
        reminded.clear()
    assert days == [(10, 30), (33, 7), (39, 1)]


def test_a_late_lot_gets_the_nearest_reminder_only(
    reminded: list[Fact],
) -> None:
    account_id = new_account()
    give(account_id, 5, "r1", expires_at=NOW_S + 5 * DAY_S)
    sweeps.remind_accounts(NOW)
    sweeps.remind_accounts(NOW + timedelta(hours=1))
    [fact] = [f for f in reminded if f.data.member_id == account_id.partition(":")[0]]
    assert (fact.data.days, fact.data.points) == (7, 5)
    assert fact.id == f"expiring:{account_id}:{NOW_S + 5 * DAY_S}:7"


def test_a_reminder_sent_twice_is_the_same_fact(
    reminded: list[Fact], monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = new_account()
    give(account_id, 5, "r1", expires_at=NOW_S + 6 * DAY_S)
    monkeypatch.setattr(reminders, "mark_reminded", lambda *_: None)  # cut off before it
    sweeps.remind_accounts(NOW)
    monkeypatch.undo()
    monkeypatch.setattr(reminders, "publish", reminded.extend)
    sweeps.remind_accounts(NOW + timedelta(hours=1))
    ours = [f for f in reminded if f.data.member_id == account_id.partition(":")[0]]
    assert len(ours) == 2
    assert len({fact.id for fact in ours}) == 1


def test_a_hold_times_out_once_and_leaves_the_index(requests: list[str]) -> None:
    account_id = new_account()
    give(account_id, 10, "r1")
    hold_id = f"shop:{account_id}"
    ledger.place_hold(account_id, hold_id, 6, NOW_S + 60, cause(""), NOW)
    assert sound(account_id).held == 6
    late = NOW + timedelta(minutes=2)
    assert ledger.show_hold(hold_id, late).status == "expired"
    sweeps.end_waiting(late)
    account = sound(account_id)
    assert (account.held, account.posted) == (0, 10)
    assert ledger.show_hold(hold_id, late).status == "expired"
    with pytest.raises(ledger.HoldEnded):
        ledger.capture_hold(hold_id, None, late)
    requests.clear()
    sweeps.end_waiting(late)
    assert set(requests) == {"Query"}


def test_an_ended_hold_leaves_the_index_at_its_time() -> None:
    account_id = new_account()
    give(account_id, 10, "r1")
    hold_id = f"shop:{account_id}"
    ledger.place_hold(account_id, hold_id, 6, NOW_S + 60, cause(""), NOW)
    ledger.capture_hold(hold_id, 4, NOW)
    late = NOW + timedelta(minutes=2)
    sweeps.end_waiting(late)
    assert ledger.show_hold(hold_id, late).status == "captured"
    account = sound(account_id)
    assert (account.held, account.posted, account.redeemed) == (0, 6, 4)


def test_pending_points_unlock_at_their_time_and_not_before() -> None:
    account_id = new_account()
    give(account_id, 10, "r1", unlocks_at=NOW_S + DAY_S)
    assert (sound(account_id).pending, sound(account_id).posted) == (10, 0)
    sweeps.end_waiting(NOW + timedelta(hours=23))
    assert sound(account_id).pending == 10
    late = NOW + timedelta(days=1)
    sweeps.end_waiting(late)
    sweeps.end_waiting(late)
    account = sound(account_id)
    assert (account.pending, account.posted, account.accrued) == (0, 10, 10)
    assert queries.find_pending(account_id, "r1") is None


def test_an_unclaimed_gift_is_returned_after_a_week() -> None:
    account_id = new_account()
    give(account_id, 10, "r1")
    claimant = account_id[::-1]
    sent = cause(ledger.transfer_reference(f"trf_{account_id}"))
    ledger.transfer_to_escrow(account_id, claimant, b"sealed", 4, sent, NOW)
    sweeps.end_waiting(NOW + timedelta(days=6))
    assert sound(account_id).posted == 6
    late = NOW + timedelta(days=7)
    sweeps.end_waiting(late)
    sweeps.end_waiting(late)
    account = sound(account_id)
    assert (account.posted, account.transferred) == (10, 0)
    assert ledger.escrows_of(claimant) == []
    assert entries_of(account_id)[-1].type == "reversal"
