"""The sweep of withdrawals, with the tables: a failing one is deferred, and blocks no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock, sweeps
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.money import Money
from chalicelib.payments.errors import ProviderSilent
from chalicelib.withdrawals.actions.sweeping import defer_withdrawal
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.queries.withdrawals import due_withdrawals, get_withdrawal
from tests.conftest import Time
from tests.payments.fake_gateway import FakeGateway
from tests.withdrawals.withdrawing import PROVIDER, Finance, approved, balances, rich, sweep

Patch = pytest.MonkeyPatch


def test_failing_withdrawals_block_no_others(
    finance: Finance, gateway: FakeGateway, time: Time, monkeypatch: Patch
) -> None:
    """A dozen of them are before it: the next run pays it."""
    bad = "acct_0thatDoesNotWork"
    poor = rich(finance.api, to={**PROVIDER, "account": bad})
    for _ in range(12):
        approved(finance, poor, 1_000)
    time.advance(minutes=1)
    member = rich(finance.api, to=PROVIDER)
    made = approved(finance, member)
    asked = failing_for(monkeypatch, gateway, bad)
    runs = 0
    while get_withdrawal(made).status != "paid":
        with pytest.raises(ExceptionGroup):
            sweep()
        assert len(asked) <= sweeps.PATIENCE * (runs + 1)
        runs += 1
        time.advance(minutes=5)
    assert runs <= 1 + 12 // sweeps.PATIENCE
    assert balances(member) == (88_000, 0)
    assert balances(poor) == (88_000, 12_000), "each is held until it is paid"


def failing_for(patch: Patch, gateway: FakeGateway, account: str) -> list[str]:
    """Let the provider fail for one account; returns the calls about it."""
    asked: list[str] = []
    pay_out = gateway.pay_out

    def pay(payout_id: str, to: str, amount: Money) -> Any:
        if to == account:
            asked.append(payout_id)
            raise ProviderSilent()
        return pay_out(payout_id, to, amount)

    patch.setattr(gateway, "pay_out", pay)
    return asked


def test_a_withdrawal_synced_meanwhile_is_not_deferred(
    finance: Finance, gateway: FakeGateway, time: Time
) -> None:
    made = approved(finance, rich(finance.api, to=PROVIDER))
    sync_withdrawal(made, clock.now())
    seen = get_withdrawal(made)
    later = clock.now() + timedelta(minutes=10)
    assert not defer_withdrawal(made, later, later)
    assert get_withdrawal(made) == seen
    assert made not in due_withdrawals(to_ms(later))
