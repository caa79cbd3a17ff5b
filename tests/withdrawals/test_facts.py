"""Facts of withdrawals: one for each state, and the member's notice of it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import to_builtins

from chalicelib.kernel import clock
from chalicelib.kernel.store.facts import Fact, read_fact
from chalicelib.kernel.store.streams import Change
from chalicelib.notify.actions import deliver
from chalicelib.notify.events import HEARD
from chalicelib.notify.rules import WithdrawalNews, news_of, notice
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.events import facts_of
from chalicelib.withdrawals.tables.withdrawals import WITHDRAWAL, WithdrawalItem, withdrawal_key
from tests.api import Api, token
from tests.facts import AT, message
from tests.facts import made as fact
from tests.payments.fake_gateway import FakeGateway
from tests.withdrawals.withdrawing import PROVIDER, Finance, asked, rich


def image(made: str) -> dict[str, Any]:
    item: dict[str, Any] = WithdrawalItem.find(withdrawal_key(made), WITHDRAWAL).to_dynamodb_dict()
    return item


def told(made: str, before: dict[str, Any] | None = None) -> Fact:
    (fact,) = facts_of(Change("1", before, image(made)))
    return fact


def test_each_state_is_a_fact(api: Api, finance: Finance, gateway: FakeGateway) -> None:
    member = rich(api, to=PROVIDER)
    made = asked(api, member)
    first = told(made)
    assert (first.id, first.type) == (f"withdrawal.requested:{made}", "withdrawal.requested")
    assert to_builtins(first.data) == {
        "member_id": member,
        "withdrawal_id": made,
        "amount": 12_000,
        "currency": "CNY",
        "kind": "provider",
        "reason": None,
        "version": 1,
    }
    before = image(made)
    finance.approve(made)
    assert told(made, before).type == "withdrawal.approved"
    before = image(made)
    sync_withdrawal(made, clock.now())
    assert told(made, before).type == "withdrawal.paid"
    before = image(made)
    gateway.fail_payout(finance.show(made)["provider_id"])
    sync_withdrawal(made, clock.now())
    assert told(made, before).type == "withdrawal.failed"


def test_a_returned_part_is_a_fact_and_a_notice(
    api: Api, finance: Finance, gateway: FakeGateway
) -> None:
    member = rich(api, to=PROVIDER)
    made = asked(api, member)
    finance.approve(made)
    sync_withdrawal(made, clock.now())
    for part, so_far in ((2_000, 2_000), (3_000, 5_000)):
        before = image(made)
        gateway.return_part(finance.show(made)["provider_id"], part)
        sync_withdrawal(made, clock.now())
        fact = told(made, before)
        assert (fact.id, fact.type) == (
            f"withdrawal.returned:{made}:{so_far}",
            "withdrawal.returned",
        )
        assert fact.data.amount == part
        deliver(fact, clock.machine_now())
    shown = api.get("/v1/me/notifications", as_=token(member)).body["data"]
    assert sorted(each["body"][:9] for each in shown) == ["CNY 20.00", "CNY 30.00"]


def test_a_change_within_a_state_is_no_fact(api: Api, finance: Finance) -> None:
    made = asked(api, rich(api))
    assert facts_of(Change("1", image(made), image(made))) == []
    assert facts_of(Change("1", image(made), None)) == []


def test_other_items_of_the_table_make_no_facts() -> None:
    other = {"pk": {"S": "MEM#mbr_1"}, "sk": {"S": "ACCOUNT"}}
    assert facts_of(Change("1", None, other)) == []


def test_a_notice_names_its_withdrawal(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = asked(api, member)
    finance.act(made, "reject", {"reason": "no"})
    for _ in range(2):
        deliver(told(made), clock.machine_now())
    (shown,) = api.get("/v1/me/notifications", as_=token(member)).body["data"]
    assert (shown["type"], shown["title"]) == ("withdrawal.rejected", "Withdrawal declined")
    assert shown["data"] == {"withdrawal_id": made, "status": "rejected"}


SAID = [
    ("approved", "您提现 ¥120.05 的申请已通过审核，正在为您打款。",
     "Your withdrawal of CNY 120.05 is approved and on its way to you."),
    ("rejected", "您提现 ¥120.05 的申请未通过审核，款项已退回返利余额。原因：不符",
     "Your withdrawal of CNY 120.05 was declined: the money is back in your rebate balance."
     " Reason: 不符"),
    ("paid", "您提现的 ¥120.05 已打款到您的收款账户。",
     "Your withdrawal of CNY 120.05 was paid to your account."),
    ("failed", "您提现的 ¥120.05 未能打款，款项已退回返利余额，请核对收款账户。原因：不符",
     "Your withdrawal of CNY 120.05 could not be paid: the money is back in your rebate balance."
     " Please check your payout account. Reason: 不符"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "chinese", "english"), SAID)
def test_a_notice_has_both_languages(status: str, chinese: str, english: str) -> None:
    reason = "不符" if status in {"rejected", "failed"} else None
    data = {
        "member_id": "mbr_1",
        "withdrawal_id": "wdr_1",
        "amount": 12_005,
        "currency": "CNY",
        "kind": "bank",
        "reason": reason,
    }
    news = news_of(fact("x", f"withdrawal.{status}", AT, data).data)
    assert isinstance(news, WithdrawalNews)
    assert (notice(news, "zh-CN").body, notice(news, "en").body) == (chinese, english)
    assert notice(news, "en").sms is None


@pytest.mark.parametrize("status", ["requested", "paying"])
def test_a_member_gets_no_notice_of_their_own_acts_and_inner_states(status: str) -> None:
    data = {
        "member_id": "mbr_1",
        "withdrawal_id": "wdr_1",
        "amount": 1,
        "currency": "CNY",
        "kind": "bank",
        "reason": None,
    }
    told = fact("x", f"withdrawal.{status}", AT, data)
    assert news_of(told.data) is None
    assert type(told.data) not in HEARD


def test_an_unknown_state_is_not_read() -> None:
    assert (
        read_fact(message("x", "withdrawal.unheard_of", AT, {"member_id": "mbr_1"}), HEARD) is None
    )
