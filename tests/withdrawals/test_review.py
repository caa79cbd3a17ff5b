"""Finance decides on withdrawals: approved to the account of the request, or given back."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.audit.queries import acts_on
from chalicelib.kernel.cursors import PageQuery
from tests.api import Api, new_key, token
from tests.withdrawals.withdrawing import (
    BANK,
    PROVIDER,
    STAFF,
    Finance,
    ask,
    asked,
    balances,
    counted,
    everything,
    freeze,
    rich,
)


def acts(member: str) -> list[Any]:
    return acts_on(member, PageQuery(limit=100), lambda act: act).data


def test_an_approval_is_audited_and_shown(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = asked(api, member)
    answer = finance.act(made, "approve")
    assert (answer.status, answer.body["status"]) == (200, "approved")
    assert (answer.body["decided_by"], answer.body["member_id"]) == (finance.id, member)
    assert [step["status"] for step in answer.body["timeline"]] == ["requested", "approved"]
    assert finance.show(made) == answer.body
    assert balances(member) == (88_000, 12_000)
    (act,) = acts(member)
    assert (act.action, act.actor.member_id) == ("withdrawal.approve", finance.id)
    assert act.before == {"withdrawal": made, "amount": 12_000, "status": "requested"}
    assert act.after == {"withdrawal": made, "amount": 12_000, "status": "approved"}


def test_a_rejection_gives_back_balance_and_limits_and_shows_its_reason(
    api: Api, finance: Finance
) -> None:
    member = rich(api)
    made = asked(api, member)
    answer = finance.act(made, "reject", {"reason": "收款人与会员姓名不符"})
    assert (answer.status, answer.body["status"]) == (200, "rejected")
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))
    shown = api.get(f"/v1/me/withdrawals/{made}", as_=token(member)).body
    assert (shown["status"], shown["reason"]) == ("rejected", "收款人与会员姓名不符")
    (act,) = acts(member)
    assert (act.action, act.reason) == ("withdrawal.reject", "收款人与会员姓名不符")


def test_an_approved_withdrawal_may_be_rejected_until_it_is_being_paid(
    api: Api, finance: Finance
) -> None:
    member = rich(api)
    made = asked(api, member)
    finance.approve(made)
    assert finance.act(made, "reject", {"reason": "no"}).status == 200
    assert balances(member) == (100_000, 0)


DECISIONS: list[tuple[str, Any]] = [("approve", None), ("reject", {"reason": "no"})]


@pytest.mark.parametrize(("act", "body"), DECISIONS)
def test_a_retry_returns_the_first_answer(api: Api, finance: Finance, act: str, body: Any) -> None:
    member, key = rich(api), new_key()
    made = asked(api, member)
    first = finance.act(made, act, body, key=key)
    before = everything(member)
    again = finance.act(made, act, body, key=key)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (everything(member), len(acts(member))) == (before, 1)


def test_the_same_key_with_another_reason_is_refused(api: Api, finance: Finance) -> None:
    member, key = rich(api), new_key()
    made = asked(api, member)
    finance.act(made, "reject", {"reason": "one"}, key=key)
    before = everything(member)
    answer = finance.act(made, "reject", {"reason": "another"}, key=key)
    assert (answer.status, answer.body["code"]) == (409, "idempotency_key_reused")
    assert everything(member) == before


@pytest.mark.parametrize(("act", "body"), DECISIONS)
def test_an_ended_withdrawal_is_not_decided_again(
    api: Api, finance: Finance, act: str, body: Any
) -> None:
    member = rich(api)
    made = asked(api, member)
    finance.act(made, "reject", {"reason": "no"})
    before = everything(member)
    answer = finance.act(made, act, body)
    assert (answer.status, answer.body["code"]) == (409, "not_allowed_in_this_state")
    assert answer.body["current_status"] == "rejected"
    assert everything(member) == before


BANK_ACTS: list[tuple[str, Any]] = [
    ("mark-paid", {"bank_reference": "B1"}),
    ("mark-failed", {"reason": "no"}),
    ("mark-returned", {"bank_reference": "B2", "reason": "no"}),
]


@pytest.mark.parametrize(("act", "body"), BANK_ACTS)
@pytest.mark.parametrize("approved", [True, False])
def test_a_withdrawal_outside_bank_files_cannot_be_marked_by_finance(
    api: Api, finance: Finance, act: str, body: Any, approved: bool
) -> None:
    member = rich(api)
    made = asked(api, member)
    if approved:
        finance.approve(made)
    before = everything(member)
    answer = finance.act(made, act, body)
    assert (answer.status, answer.body["code"]) == (409, "not_allowed_in_this_state")
    assert everything(member) == before


CHANGES: list[tuple[str, Any]] = [
    ("PUT", PROVIDER),
    ("PUT", {**BANK, "holder": "韩梅梅"}),
    ("DELETE", None),
]


@pytest.mark.parametrize(("method", "body"), CHANGES)
def test_money_never_goes_to_a_changed_account(
    api: Api, finance: Finance, method: str, body: Any
) -> None:
    member = rich(api)
    made = asked(api, member)
    api.request(method, "/v1/me/payout-account", body, as_=token(member))
    before = everything(member)
    answer = finance.act(made, "approve")
    assert (answer.status, answer.body["code"]) == (409, "payout_account_changed")
    assert everything(member) == before


def test_an_account_that_was_removed_and_set_again_is_another(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = asked(api, member)
    api.delete("/v1/me/payout-account", as_=token(member))
    api.put("/v1/me/payout-account", BANK, as_=token(member))
    answer = finance.act(made, "approve")
    assert (answer.status, answer.body["code"]) == (409, "payout_account_changed")


def test_the_same_account_set_again_is_the_same(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = asked(api, member)
    api.put("/v1/me/payout-account", BANK, as_=token(member))
    finance.approve(made)


def test_a_frozen_members_withdrawal_is_not_approved(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = asked(api, member)
    freeze(member)
    before = everything(member)
    answer = finance.act(made, "approve")
    assert (answer.status, answer.body["code"]) == (409, "account_frozen")
    assert everything(member) == before
    freeze(member, ledger.ACTIVE)
    finance.approve(made)


def test_a_frozen_members_withdrawal_may_be_rejected(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = asked(api, member)
    freeze(member)
    assert finance.act(made, "reject", {"reason": "no"}).status == 200
    assert balances(member) == (100_000, 0)


def test_nobody_approves_their_own_withdrawal(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = asked(api, member)
    before = everything(member)
    answer = api.post(f"{STAFF}/{made}/approve", as_=token(member, "finance"), key=new_key())
    assert (answer.status, answer.body["code"]) == (409, "second_person_required")
    assert everything(member) == before


@pytest.mark.parametrize("reason", ["", " ", "\u200b\n", "x" * 201])
def test_a_reason_is_neither_empty_nor_too_long(api: Api, finance: Finance, reason: str) -> None:
    member = rich(api)
    made = asked(api, member)
    before = everything(member)
    answer = finance.act(made, "reject", {"reason": reason})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "reason")
    assert everything(member) == before


@pytest.mark.parametrize(("act", "body"), [*DECISIONS, *BANK_ACTS])
def test_an_unknown_withdrawal_is_not_found(finance: Finance, act: str, body: Any) -> None:
    assert finance.act("wdr_nobody", act, body).status == 404


@pytest.mark.parametrize("role", ["member", "agent", "ops"])
def test_only_finance_and_admins_decide(api: Api, finance: Finance, role: str) -> None:
    member = rich(api)
    made = asked(api, member)
    for path in (f"{STAFF}/{made}/approve", "/v1/admin/bank-files"):
        answer = api.post(path, as_=token("mbr_staff", role), key=new_key())
        assert (answer.status, answer.body["code"]) == (403, "forbidden")
    assert api.get(STAFF, as_=token("mbr_staff", role)).status == 403
    assert finance.show(made)["status"] == "requested"


def test_open_withdrawals_are_listed_oldest_first_and_ended_ones_newest_first(
    api: Api, finance: Finance
) -> None:
    member = rich(api)
    made = [asked(api, member, 1000 + number) for number in range(3)]
    assert finance.listed("requested") == made
    for each in made[:2]:
        finance.act(each, "reject", {"reason": "no"})
    assert finance.listed("requested") == made[2:]
    assert finance.listed("rejected") == [made[1], made[0]]
    assert finance.listed("paid") == []


def test_an_unknown_status_is_refused(api: Api, finance: Finance) -> None:
    answer = api.get(f"{STAFF}?status=gone", as_=finance.token)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "status")


def test_a_rejection_gives_its_limits_back(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = asked(api, member, 50_000)
    assert ask(api, member, 1000).body["code"] == "withdrawal_limit_reached"
    finance.act(made, "reject", {"reason": "no"})
    asked(api, member, 50_000)
