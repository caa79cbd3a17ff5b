"""Rewards for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib import ledger
from chalicelib.campaigns.actions.rewards import sweep_rewards
from chalicelib.campaigns.queries import rewards as queries
from chalicelib.campaigns.rules.rewards import Promise, Reward
from chalicelib.kernel import clock


def points(amount: int, when: Any = "now") -> Reward:
    return Reward("points", amount, when=when)


def balance(member_id: str, unit: str = "points") -> int:
    """What is there, less debts."""
    account = ledger.find_account(ledger.account_of(member_id, unit))
    return account.available(clock.to_ms(clock.now())) - account.debt


def promised(member_id: str, reference: str) -> Promise:
    found = queries.find_promise(member_id, reference)
    assert found is not None
    return found


def sweep() -> int:
    return sweep_rewards(clock.now(), lambda: False)


def advance_past(time: Any, promise: Promise) -> None:
    wait = promise.due_at_ms - clock.to_ms(clock.now()) + 1000
    time.advance(seconds=timedelta(milliseconds=wait).total_seconds())
