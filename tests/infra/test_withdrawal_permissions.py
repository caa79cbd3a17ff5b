"""The API and the consumers of withdrawals make only calls that their policies allow."""

from __future__ import annotations

import pytest

from chalicelib import payments
from chalicelib.kernel import clock
from chalicelib.orders import tables
from chalicelib.payments.actions import provider
from chalicelib.payments.errors import ProviderSilent
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.queries.withdrawals import due_withdrawals
from tests.api import Api, token
from tests.infra.permissions import Guard
from tests.payments.fake_gateway import FakeGateway
from tests.withdrawals.withdrawing import (
    BANK,
    FILES,
    MINE,
    PROVIDER,
    Finance,
    asked,
    empty_payments,
    rich,
    sweep,
)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    fake = FakeGateway()
    monkeypatch.setattr(provider, "gateway", lambda: fake)
    return fake


@pytest.fixture
def finance(api: Api) -> Finance:
    empty_payments()
    return Finance(api)


def test_the_api_may_write_withdrawals_and_bank_files(
    api: Api, finance: Finance, guard: Guard
) -> None:
    member = rich(api)
    with guard.acting_as("APIHandler"):
        api.put("/v1/me/payout-account", BANK, as_=token(member))
        made = [asked(api, member, 1000) for _ in range(3)]
        assert len(api.get(MINE, as_=token(member)).body["data"]) == 3
        assert finance.listed("requested") == made
        for each in made[:2]:
            finance.approve(each)
        assert finance.act(made[2], "reject", {"reason": "no"}).status == 200
        exported = finance.export().body["id"]
        assert finance.download(exported).status == 200
        assert api.get(FILES, as_=finance.token).status == 200
        assert finance.act(made[0], "mark-paid", {"bank_reference": "B1"}).status == 200
        back = {"bank_reference": "B2", "reason": "no"}
        assert finance.act(made[0], "mark-returned", back).status == 200
        assert finance.act(made[1], "mark-failed", {"reason": "no"}).status == 200
        assert api.delete("/v1/me/payout-account", as_=token(member)).status == 204


@pytest.mark.parametrize("function", ["SweepWithdrawals", "SyncWithdrawals"])
def test_the_withdrawals_consumer_may_pay_and_give_back(
    api: Api, finance: Finance, guard: Guard, gateway: FakeGateway, function: str
) -> None:
    member = rich(api, to=PROVIDER)
    made = [asked(api, member, 1000) for _ in range(3)]
    for each in made:
        finance.approve(each)
    with guard.acting_as(function):
        assert sync_withdrawal(made[0], clock.now()).status == "paid"
        gateway.fail_payout(next(iter(gateway.payouts)))
        assert sync_withdrawal(made[0], clock.now()).status == "failed"
        gateway.refuse_payouts = "account_invalid"
        assert sync_withdrawal(made[1], clock.now()).status == "failed"
    with guard.acting_as("SweepWithdrawals"):
        assert sweep() == 1


def test_the_sweep_may_defer_a_failing_withdrawal(
    api: Api, finance: Finance, guard: Guard, gateway: FakeGateway
) -> None:
    made = asked(api, rich(api, to=PROVIDER), 1000)
    finance.approve(made)
    gateway.down = True
    now = clock.now()
    with guard.acting_as("SweepWithdrawals"):
        with pytest.raises(ExceptionGroup) as failed:
            sweep()
        assert [type(each) for each in failed.value.exceptions] == [ProviderSilent]
    with guard.acting_as("SweepPayments"):
        assert not payments.defer_refund("ord_none", "rfd_none", now, now)
        assert not tables.defer("ord_none", "payment", 0, 0)
    assert made not in due_withdrawals(clock.to_ms(now))
