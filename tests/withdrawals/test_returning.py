"""Refused or returned payouts, and changes under way: the member gets the money back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib import ledger
from chalicelib.kernel.errors import Unavailable
from chalicelib.payments.rules.journal import PROVIDER, REBATES
from chalicelib.withdrawals.actions import effects
from chalicelib.withdrawals.queries import payout_accounts
from tests.api import Api, token
from tests.conftest import Time
from tests.payments.fake_gateway import PAYOUT_FEE, FakeGateway
from tests.withdrawals.withdrawing import PROVIDER as ACCOUNT
from tests.withdrawals.withdrawing import (
    Finance,
    balances,
    cash,
    counted,
    everything,
    freeze,
    in_balance,
    paid_out,
    sweep,
    sync_now,
    withdrawals,
)


def test_a_refused_payout_gives_everything_back(
    gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    gateway.refuse_payouts = "account_invalid"
    assert sync_now(made) == "failed"
    assert finance.show(made)["failure"] == "account_invalid"
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))
    assert cash(made) == []
    gateway.refuse_payouts = None
    assert sync_now(made) == "failed"
    assert gateway.payouts == {}
    in_balance(gateway, member, made)


def test_a_returned_payout_is_given_back_to_the_member(
    gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    sync_now(made)
    gateway.fail_payout(finance.show(made)["provider_id"])
    assert sync_now(made) == "failed"
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))
    gone, back = cash(made)
    assert (back.type, back.on(REBATES)) == ("withdrawal_failed", -12_000)
    # The provider's fee is lost.
    assert gone.on(PROVIDER) + back.on(PROVIDER) == -PAYOUT_FEE
    shown = finance.show(made)
    assert (shown["failure"], shown["status"]) == ("account_closed", "failed")
    before = everything(member)
    assert sync_now(made) == "failed"
    assert everything(member) == before
    in_balance(gateway, member, made)


def test_a_returned_part_is_given_back_and_the_rest_stays_paid(
    gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    sync_now(made)
    payout = finance.show(made)["provider_id"]
    for part, back in ((2_000, 2_000), (500, 2_500)):
        gateway.return_part(payout, part)
        for _ in range(2):
            assert sync_now(made) == "paid"
            assert balances(member) == (88_000 + back, 0)
            assert counted(member) == (12_000 - back, 12_000 - back)
            assert finance.show(made)["returned"] == {"amount": back, "currency": "CNY"}
    (shown,) = withdrawals(member)
    assert (shown["status"], shown["returned"]["amount"]) == ("paid", 2_500)
    in_balance(gateway, member, made)
    gateway.fail_payout(payout)
    assert sync_now(made) == "failed"
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))
    assert finance.show(made)["returned"]["amount"] == 12_000
    in_balance(gateway, member, made)


def test_an_older_answer_than_a_returned_part_changes_nothing(
    gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    sync_now(made)
    payout = finance.show(made)["provider_id"]
    before = gateway.find_payout(payout)
    gateway.return_part(payout, 2_000)
    sync_now(made)
    now, seen = gateway.payouts[payout], everything(member)
    gateway.payouts[payout] = before
    assert sync_now(made) == "paid"
    gateway.payouts[payout] = now
    assert everything(member) == seen
    in_balance(gateway, member, made)


def test_a_part_returned_before_the_payout_was_known_is_recorded(
    gateway: FakeGateway, member: str, made: str
) -> None:
    gateway.answers_lost = 1
    with pytest.raises(Unavailable):
        sync_now(made)
    gateway.return_part(next(iter(gateway.payouts)), 2_000)
    assert sync_now(made) == "paid"
    assert (balances(member), paid_out(gateway)) == ((90_000, 0), 10_000)
    in_balance(gateway, member, made)


def test_ten_concurrent_syncs_of_a_return_give_it_back_once(
    gateway: FakeGateway, member: str, made: str
) -> None:
    sync_now(made)
    gateway.fail_payout(next(iter(gateway.payouts)))
    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(sync_now, [made] * 10)) == {"failed"}
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))
    in_balance(gateway, member, made)


def test_a_return_before_the_payout_was_known_records_both(
    gateway: FakeGateway, member: str, made: str
) -> None:
    gateway.answers_lost = 1
    with pytest.raises(Unavailable):
        sync_now(made)
    gateway.fail_payout(next(iter(gateway.payouts)))
    assert sync_now(made) == "failed"
    assert (balances(member), paid_out(gateway)) == ((100_000, 0), 0)
    in_balance(gateway, member, made)


def _ends_well(gateway: FakeGateway, payout: str) -> None:
    gateway.finish_payout(payout)


def _comes_back(gateway: FakeGateway, payout: str) -> None:
    gateway.fail_payout(payout)


ENDS = [(_ends_well, "paid", 88_000), (_comes_back, "failed", 100_000)]


@pytest.mark.parametrize(("end", "status", "left"), ENDS)
def test_a_payout_under_way_is_synced_until_it_ends(
    gateway: FakeGateway,
    member: str,
    made: str,
    time: Time,
    finance: Finance,
    end: Callable[[FakeGateway, str], None],
    status: str,
    left: int,
) -> None:
    gateway.payouts_pend = True
    assert sync_now(made) == "paid"
    in_balance(gateway, member, made)
    assert sweep() == 0
    end(gateway, next(iter(gateway.payouts)))
    time.advance(hours=2)
    assert sweep() == 1
    assert finance.show(made)["status"] == status
    assert balances(member) == (left, 0)
    time.advance(hours=2)
    assert sweep() == 0
    in_balance(gateway, member, made)


def test_an_account_changed_after_the_approval_gets_nothing(
    api: Api, gateway: FakeGateway, member: str, made: str, finance: Finance
) -> None:
    other = {"kind": "provider", "account": "acct_0thersOwnAccount"}
    api.put("/v1/me/payout-account", other, as_=token(member))
    assert sync_now(made) == "failed"
    assert finance.show(made)["failure"] == "payout_account_changed"
    assert (balances(member), gateway.calls) == ((100_000, 0), [])


def test_an_account_changed_during_the_payment_gets_nothing(
    api: Api, gateway: FakeGateway, member: str, made: str
) -> None:
    gateway.down = True
    with pytest.raises(Unavailable):
        sync_now(made)
    other = {"kind": "provider", "account": "acct_0thersOwnAccount"}
    api.put("/v1/me/payout-account", other, as_=token(member))
    gateway.down = False
    sent: list[str] = []
    pay_out = gateway.pay_out
    gateway.pay_out = lambda key, to, amount: (  # type: ignore[method-assign]
        sent.append(to) or pay_out(key, to, amount)
    )
    assert sync_now(made) == "paid"
    assert sent == [ACCOUNT["account"]]


def test_an_approved_withdrawal_of_a_frozen_member_waits(
    gateway: FakeGateway, member: str, made: str
) -> None:
    freeze(member)
    assert sync_now(made) == "approved"
    assert (balances(member), gateway.calls) == ((88_000, 12_000), [])
    freeze(member, ledger.ACTIVE)
    assert sync_now(made) == "paid"


def test_a_member_frozen_at_payment_time_waits(
    gateway: FakeGateway, member: str, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = effects.rebate_account
    stale = [find(member)]
    monkeypatch.setattr(effects, "rebate_account", lambda who: stale.pop() if stale else find(who))
    freeze(member)
    assert (sync_now(made), stale) == ("approved", [])
    assert (balances(member), gateway.calls) == ((88_000, 12_000), [])


def test_an_account_changed_at_the_moment_of_paying_gets_nothing(
    api: Api, gateway: FakeGateway, member: str, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = payout_accounts.find_payout_account
    stale = [find(member)]
    other = {"kind": "provider", "account": "acct_0thersOwnAccount"}
    api.put("/v1/me/payout-account", other, as_=token(member))
    monkeypatch.setattr(
        payout_accounts, "find_payout_account", lambda who: stale.pop() if stale else find(who)
    )
    assert (sync_now(made), stale) == ("failed", [])
    assert (balances(member), gateway.calls) == ((100_000, 0), [])


def test_an_unsent_withdrawal_waits_while_its_member_is_frozen(
    gateway: FakeGateway, member: str, made: str
) -> None:
    gateway.down = True
    with pytest.raises(Unavailable):
        sync_now(made)
    freeze(member)
    gateway.down = False
    assert sync_now(made) == sync_now(made) == "paying"
    assert (balances(member), gateway.payouts, gateway.books) == ((88_000, 12_000), {}, [])
    assert sweep() >= 1, "it stays due"
    assert gateway.payouts == {}
    freeze(member, ledger.ACTIVE)
    assert sync_now(made) == "paid"
    in_balance(gateway, member, made)


def test_a_payout_under_way_continues_for_a_frozen_member(
    gateway: FakeGateway, member: str, made: str
) -> None:
    gateway.answers_lost = 1
    with pytest.raises(Unavailable):
        sync_now(made)
    freeze(member)
    assert sync_now(made) == "paid"
    assert balances(member) == (88_000, 0)
    in_balance(gateway, member, made)
