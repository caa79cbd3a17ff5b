"""The provider pays once, even if answers are lost on the way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.payments.rules.journal import FEES, PROVIDER, REBATES
from chalicelib.withdrawals.actions import sync
from tests.api import Api
from tests.conftest import Time
from tests.payments.fake_gateway import PAYOUT_FEE, FakeGateway
from tests.withdrawals.withdrawing import (
    BANK,
    Finance,
    asked,
    balances,
    cash,
    everything,
    in_balance,
    rich,
    sweep,
    sync_now,
    ties,
)


def test_an_approved_withdrawal_is_paid_and_captured(
    gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    assert sync_now(made) == "paid"
    assert balances(member) == (88_000, 0)
    (payout,) = gateway.payouts.values()
    assert (payout.key, payout.amount.amount) == (made, 12_000)
    (entry,) = cash(made)
    assert (entry.type, entry.source) == ("withdrawal", f"withdrawal:{made}")
    assert {leg.account: leg.amount for leg in entry.postings} == {
        PROVIDER: -12_000 - PAYOUT_FEE,
        FEES: PAYOUT_FEE,
        REBATES: 12_000,
    }
    shown = finance.show(made)
    assert (shown["provider_id"], shown["fee"]["amount"]) == (payout.id, PAYOUT_FEE)
    statuses = [step["status"] for step in shown["timeline"]]
    assert statuses == ["requested", "approved", "paying", "paid"]
    in_balance(gateway, member, made)


def test_a_second_sync_changes_nothing(
    gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    sync_now(made)
    before, shown = everything(member), finance.show(made)
    for _ in range(3):
        assert sync_now(made) == "paid"
    assert (everything(member), finance.show(made)) == (before, shown)
    in_balance(gateway, member, made)


def test_an_unapproved_withdrawal_is_not_paid(
    api: Api, gateway: FakeGateway, member: str, finance: Finance
) -> None:
    made = asked(api, member)
    assert sync_now(made) == "requested"
    finance.act(made, "reject", {"reason": "no"})
    assert sync_now(made) == "rejected"
    assert gateway.calls == []


def test_a_bank_withdrawal_is_not_sent_to_the_provider(
    api: Api, gateway: FakeGateway, finance: Finance
) -> None:
    made = asked(api, rich(api, to=BANK))
    finance.approve(made)
    assert sync_now(made) == "approved"
    assert sweep() == 0
    assert gateway.calls == []


def test_the_sweeper_pays_what_was_approved(
    gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    assert sweep() == 1
    assert finance.show(made)["status"] == "paid"
    assert sweep() == 0
    in_balance(gateway, member, made)


def test_a_withdrawal_is_retried_later_when_the_provider_is_down(
    gateway: FakeGateway, member: str, made: str, finance: Finance, time: Time
) -> None:
    gateway.down = True
    with pytest.raises(Unavailable):
        sync_now(made)
    with pytest.raises(ExceptionGroup):
        sweep()
    assert finance.show(made)["status"] == "paying"
    assert balances(member) == (88_000, 12_000)
    gateway.down = False
    assert sweep() == 0
    time.advance(minutes=10)
    assert sweep() == 1
    in_balance(gateway, member, made)
    assert len(gateway.payouts) == 1


def test_a_failing_withdrawal_does_not_stop_the_others(
    api: Api, gateway: FakeGateway, member: str, finance: Finance, made: str, time: Time
) -> None:
    other = asked(api, member)
    finance.approve(other)
    gateway.answers_lost = 1
    with pytest.raises(ExceptionGroup):
        sweep()
    states = sorted(finance.show(each)["status"] for each in (made, other))
    assert states == ["paid", "paying"]
    time.advance(minutes=10)
    sweep()
    assert len(gateway.payouts) == 2
    assert (balances(member), ties(member, made, other)) == ((76_000, 0), True)


def test_a_lost_answer_pays_once(gateway: FakeGateway, member: str, made: str) -> None:
    gateway.answers_lost = 1
    with pytest.raises(Unavailable):
        sync_now(made)
    assert balances(member) == (88_000, 12_000)
    assert sync_now(made) == "paid"
    assert len(gateway.payouts) == 1
    in_balance(gateway, member, made)


CRASHES = ("_begin", "_record", "_sent")


@pytest.mark.parametrize("before", CRASHES)
@pytest.mark.parametrize("later", [{"minutes": 5}, {"days": 3}])
def test_the_sweeper_finishes_a_payment_after_a_crash_at_any_point(
    gateway: FakeGateway,
    member: str,
    made: str,
    before: str,
    later: dict[str, int],
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sync, before, crash)
        with pytest.raises(KeyboardInterrupt):
            sync_now(made)
    time.advance(**later)
    assert sweep() == 1
    assert len(gateway.payouts) == 1
    assert balances(member) == (88_000, 0)
    in_balance(gateway, member, made)


def test_ten_concurrent_syncs_pay_once(gateway: FakeGateway, member: str, made: str) -> None:
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(sync_now, [made] * 10))
    assert len(gateway.payouts) == 1
    assert balances(member) == (88_000, 0)
    in_balance(gateway, member, made)


def test_a_concurrent_rejection_and_payment_have_one_winner(
    gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    with ThreadPoolExecutor(2) as pool:
        paying = pool.submit(sync_now, made)
        pool.submit(finance.act, made, "reject", {"reason": "no"}).result()
        paying.result()
    status = finance.show(made)["status"]
    assert status in {"paid", "rejected"}
    assert balances(member) == ((88_000, 0) if status == "paid" else (100_000, 0))
    assert len(gateway.payouts) == (status == "paid")
    in_balance(gateway, member, made)


def test_a_withdrawal_being_paid_is_not_rejected(
    gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    gateway.down = True
    with pytest.raises(Unavailable):
        sync_now(made)
    before = everything(member)
    answer = finance.act(made, "reject", {"reason": "no"})
    assert (answer.status, answer.body["code"]) == (409, "not_allowed_in_this_state")
    assert finance.act(made, "mark-failed", {"reason": "no"}).status == 409
    back = {"bank_reference": "B1", "reason": "no"}
    assert finance.act(made, "mark-returned", back).status == 409
    assert everything(member) == before
