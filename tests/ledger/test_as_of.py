"""A past balance equals the balance that the member saw at that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger.actions import sweeps
from tests.api import token
from tests.conftest import Time
from tests.ledger.books import cause, give, spend
from tests.world import World


class Member:
    """A member whose balance is recorded after each act."""

    def __init__(self, world: World, time: Time) -> None:
        self.id, self._api, self._time = ids.new_id("mbr"), world.api, time
        self.seen: list[tuple[str, Any]] = []

    def account(self, unit: str = "points") -> str:
        return ledger.account_of(self.id, unit)

    def look(self, **passed: float) -> None:
        """Record the present balance, and let time pass."""
        moment = clock.rfc3339(clock.now())
        self._time.advance(milliseconds=2)
        self.seen.append((moment, self.ask(f"?at={moment}")))
        if not passed:
            assert self.seen[-1][1] == self.ask()
        self._time.advance(milliseconds=2, **passed)

    def ask(self, query: str = "") -> Any:
        answer = self._api.get(f"/v1/me/points{query}", as_=token(self.id))
        assert answer.status == 200, answer.body
        return answer.body


@pytest.fixture
def member(world: World, time: Time) -> Member:
    return Member(world, time)


def lapse_in(days: int) -> int:
    return int((clock.now() + timedelta(days=days)).timestamp())


def set_status(member_id: str, status: str) -> None:
    def write() -> None:
        writes = WriteSet()
        ledger.set_status(writes, member_id, status, clock.now())
        writes.commit()

    with_fresh_reads(write)


def test_a_past_balance_is_shown_as_it_was_then(member: Member) -> None:
    account_id = member.account()
    member.look()
    give(account_id, 100, "r1", expires_at=lapse_in(3), now=clock.now())
    member.look()
    give(account_id, 50, "r2", expires_at=lapse_in(30), now=clock.now())
    give(account_id, 7, "r3", unlocks_at=lapse_in(1), now=clock.now())
    member.look()
    spend(account_id, 30, "cup", now=clock.now())
    member.look()
    ledger.place_hold(account_id, f"s:{account_id}", 20, lapse_in(20), cause(""), clock.now())
    member.look()
    set_status(member.id, ledger.FROZEN)
    member.look(days=4)
    member.look()
    sweeps.expire_accounts(clock.now())
    ledger.unlock(account_id, "r3", clock.now())
    member.look()
    set_status(member.id, ledger.ACTIVE)
    ledger.capture_hold(f"s:{account_id}", 5, clock.now())
    member.look(days=40)
    member.look()
    ledger.expire(account_id, clock.now())
    assert {state["available"] for _, state in member.seen} >= {0, 100, 150, 120}
    assert {state["status"] for _, state in member.seen} == {"active", "frozen"}
    for moment, state in member.seen:
        assert member.ask(f"?at={moment}") == state


def test_points_are_gone_at_their_expiry_even_if_it_is_recorded_later(
    member: Member, time: Time
) -> None:
    account_id = member.account()
    expiry = lapse_in(1)
    give(account_id, 100, "r1", expires_at=expiry, now=clock.now())
    time.advance(days=2)
    for _ in range(2):
        before = member.ask(f"?at={clock.rfc3339_ms(expiry * 1000 - 1)}")
        after = member.ask(f"?at={clock.rfc3339_ms(expiry * 1000)}")
        assert (before["available"], after["available"]) == (100, 0)
        assert (before["expiring"][0]["points"], after["expiring"]) == (100, [])
        assert after["lifetime"]["expired"] == 0
        ledger.expire(account_id, clock.now())
    assert member.ask()["lifetime"]["expired"] == 100


LIFETIME = ("accrued", "redeemed", "expired", "transferred", "adjusted")


def test_an_account_is_empty_before_its_first_entry(member: Member) -> None:
    give(member.account(), 100, "r1", now=clock.now())
    for moment in ("2001-01-01T00:00:00Z", "1950-01-01T00:00:00%2B08:00"):
        assert member.ask(f"?at={moment}") == {
            "unit": "points",
            "available": 0,
            "pending": 0,
            "held": 0,
            "debt": 0,
            "expiring": [],
            "lifetime": dict.fromkeys(LIFETIME, 0),
            "status": "active",
        }


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("at=2999-01-01T00:00:00Z", "at", "in_the_future"),
        ("at=yesterday", "at", "invalid"),
        ("at=1760000000", "at", "invalid"),
        ("at=2026-11-20T08:00:00", "at", "invalid"),
        ("unit=gold", "unit", "not_one_of"),
        ("unit=", "unit", "not_one_of"),
    ],
)
def test_a_future_moment_and_an_unknown_unit_are_refused(
    member: Member, world: World, query: str, field: str, code: str
) -> None:
    answer = world.api.get(f"/v1/me/points?{query}", as_=token(member.id))
    (error,) = answer.body["errors"]
    assert (answer.status, error["field"], error["code"]) == (400, field, code)


def test_each_unit_is_an_account_of_its_own_and_empty_at_first(
    member: Member, world: World
) -> None:
    give(member.account("growth"), 5, "r1", now=clock.now())
    shown = {unit: member.ask(f"?unit={unit}") for unit in ledger.UNITS}
    assert {unit: state["unit"] for unit, state in shown.items()} == {u: u for u in ledger.UNITS}
    available = {unit: state["available"] for unit, state in shown.items()}
    assert available == {"points": 0, "growth": 5, "rebate_cash": 0}
    path, as_ = "/v1/me/points/entries", token(member.id)
    (entry,) = world.api.get(f"{path}?unit=growth", as_=as_).body["data"]
    assert entry["account"] == f"{member.id}:growth"
    assert entry["postings"][0] == {"account": "program:growth:issued", "points": -5}
    assert world.api.get(path, as_=as_).body["data"] == []
    assert world.api.get(f"{path}?unit=gold", as_=as_).status == 400
