"""The bank's results for the payments of a file: finance records each once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.payments.rules.journal import BANK as AT_BANK
from chalicelib.payments.rules.journal import REBATES
from tests.api import Api, new_key, token
from tests.withdrawals.withdrawing import (
    Finance,
    approved,
    balances,
    cash,
    counted,
    everything,
    exported,
    rich,
    ties,
)

RETURNED = {"bank_reference": "BOC-9", "reason": "退汇"}


def test_a_bank_payment_captures_the_hold(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    exported(finance)
    answer = finance.act(made, "mark-paid", {"bank_reference": "BOC-1"})
    assert (answer.status, answer.body["status"]) == (200, "paid")
    assert answer.body["bank_reference"] == "BOC-1"
    assert balances(member) == (88_000, 0)
    (entry,) = cash(made)
    assert {leg.account: leg.amount for leg in entry.postings} == {
        REBATES: 12_000,
        AT_BANK: -12_000,
    }
    assert (entry.transaction, entry.source) == (None, f"withdrawal:{made}")
    assert ties(member, made)


def test_a_failed_bank_payment_releases_the_hold(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    exported(finance)
    answer = finance.act(made, "mark-failed", {"reason": "收款账户已销户"})
    assert (answer.status, answer.body["status"]) == (200, "failed")
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))
    assert cash(made) == []
    shown = api.get(f"/v1/me/withdrawals/{made}", as_=token(member)).body
    assert shown["reason"] == "收款账户已销户"
    assert ties(member, made)


def test_a_returned_bank_payment_is_given_back_to_the_member(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    exported(finance)
    finance.act(made, "mark-paid", {"bank_reference": "BOC-1"})
    answer = finance.act(made, "mark-returned", RETURNED)
    assert (answer.status, answer.body["status"]) == (200, "failed")
    assert (answer.body["bank_reference"], answer.body["return_reference"]) == ("BOC-1", "BOC-9")
    assert (answer.body["reason"], answer.body["returned"]["amount"]) == ("退汇", 12_000)
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))
    gone, back = cash(made)
    assert gone.on(AT_BANK) + back.on(AT_BANK) == 0
    assert ties(member, made)
    again = finance.act(made, "mark-returned", RETURNED)
    assert (again.status, again.body["code"]) == (409, "not_allowed_in_this_state")


def test_a_stale_screen_cannot_mark_a_paid_withdrawal_failed(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    exported(finance)
    finance.act(made, "mark-paid", {"bank_reference": "BOC-1"})
    before = everything(member)
    answer = finance.act(made, "mark-failed", {"reason": "退汇"})
    assert (answer.status, answer.body["code"]) == (409, "not_allowed_in_this_state")
    assert answer.body["current_status"] == "paid"
    assert (everything(member), len(cash(made))) == (before, 1)


def test_an_unpaid_withdrawal_cannot_be_returned(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    exported(finance)
    before = everything(member)
    answer = finance.act(made, "mark-returned", RETURNED)
    assert (answer.status, answer.body["current_status"]) == (409, "paying")
    assert (everything(member), cash(made)) == (before, [])


MARKS: list[tuple[str, Any, Any]] = [
    ("mark-paid", {"bank_reference": "B1"}, {"bank_reference": "B2"}),
    ("mark-failed", {"reason": "one"}, {"reason": "another"}),
    ("mark-returned", RETURNED, {**RETURNED, "bank_reference": "BOC-8"}),
]


@pytest.mark.parametrize(("act", "body", "other"), MARKS)
def test_a_mark_is_made_once(api: Api, finance: Finance, act: str, body: Any, other: Any) -> None:
    member, key = rich(api), new_key()
    made = approved(finance, member)
    exported(finance)
    if act == "mark-returned":
        finance.act(made, "mark-paid", {"bank_reference": "B1"})
    first = finance.act(made, act, body, key=key)
    before = everything(member)
    again = finance.act(made, act, body, key=key)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    reused = finance.act(made, act, other, key=key)
    assert (reused.status, reused.body["code"]) == (409, "idempotency_key_reused")
    twice = finance.act(made, "mark-paid", {"bank_reference": "B1"})
    assert (twice.status, twice.body["code"]) == (409, "not_allowed_in_this_state")
    assert everything(member) == before


@pytest.mark.parametrize("reference", ["", " ", "a\tb", "x" * 61, 7])
@pytest.mark.parametrize(("act", "more"), [("mark-paid", {}), ("mark-returned", RETURNED)])
def test_a_bank_reference_is_one_line(
    api: Api, finance: Finance, reference: Any, act: str, more: Any
) -> None:
    member = rich(api)
    made = approved(finance, member)
    exported(finance)
    before = everything(member)
    answer = finance.act(made, act, {**more, "bank_reference": reference})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "bank_reference")
    assert everything(member) == before
