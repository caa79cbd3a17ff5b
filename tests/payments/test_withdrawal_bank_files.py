"""The bank pays: finance exports a file, once for each withdrawal, and says what became of it."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.audit import Act, Actor
from chalicelib.audit.queries import acts_on
from chalicelib.kernel import clock, ids
from chalicelib.kernel.cursors import PageQuery
from chalicelib.payments.actions import withdrawals_banking
from chalicelib.payments.errors import NothingToExport
from chalicelib.payments.rules.journal import BANK as AT_BANK
from chalicelib.payments.rules.journal import REBATES
from tests.api import Api, new_key, token
from tests.payments.withdrawing import (
    BANK,
    CARD,
    FILES,
    PROVIDER,
    Finance,
    asked,
    balances,
    cash,
    counted,
    everything,
    freeze,
    rich,
    ties,
)


def approved(finance: Finance, member: str, amount: int = 12_000) -> str:
    made = asked(finance.api, member, amount)
    finance.approve(made)
    return made


def exported(finance: Finance) -> str:
    answer = finance.export()
    assert answer.status == 201, answer.body
    made: str = answer.body["id"]
    return made


def rows(finance: Finance, file_id: str) -> list[dict[str, str]]:
    text: str = finance.download(file_id).body
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_file_holds_every_approved_withdrawal_to_a_bank(api: Api, finance: Finance) -> None:
    first, second = rich(api), rich(api, to={**BANK, "holder": "韩梅梅"})
    made = [approved(finance, first), approved(finance, second, 1990)]
    waiting = asked(api, first)
    elsewhere = approved(finance, rich(api, to=PROVIDER))
    answer = finance.export()
    assert (answer.status, answer.body["count"]) == (201, 2)
    assert answer.body["total"] == {"amount": 13_990, "currency": "CNY"}
    assert answer.body["author"] == finance.id
    today = clock.program_day(clock.now()).isoformat()
    assert rows(finance, answer.body["id"]) == [
        {"withdrawal_id": made[0], "holder": "李雷", "bank": BANK["bank"],
         "account_number": "6217 0000 1234 5671 233", "amount": "120.00", "amount_minor": "12000",
         "currency": "CNY", "requested_on": today},
        {"withdrawal_id": made[1], "holder": "韩梅梅", "bank": BANK["bank"],
         "account_number": "6217 0000 1234 5671 233", "amount": "19.90", "amount_minor": "1990",
         "currency": "CNY", "requested_on": today},
    ]  # fmt: skip
    assert [finance.show(each)["status"] for each in made] == ["paying", "paying"]
    assert {finance.show(each)["bank_file"] for each in made} == {answer.body["id"]}
    assert finance.show(waiting)["status"] == "requested"
    assert finance.show(elsewhere)["status"] == "approved"
    (act,) = acts_on(answer.body["id"], PageQuery(), lambda act: act).data
    assert (act.action, act.after) == ("bank_file.make", {"withdrawals": 2, "total": 13_990})


def test_a_file_is_csv_that_a_spreadsheet_reads_as_text(api: Api, finance: Finance) -> None:
    account = {**BANK, "holder": '=HYPERLINK("x")', "bank": '+1,"2"'}
    approved(finance, rich(api, to=account))
    file_id = exported(finance)
    answer = finance.download(file_id)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    disposition = f'attachment; filename="{file_id}.csv"'
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.body.startswith("\ufeffwithdrawal_id,")
    assert answer.body.endswith("\r\n")
    (row,) = rows(finance, file_id)
    assert (row["holder"], row["bank"]) == ('\'=HYPERLINK("x")', '\'+1,"2"')
    assert row["account_number"].replace(" ", "") == CARD


def test_a_file_has_the_same_bytes_whatever_became_of_what_it_names(
    api: Api, finance: Finance
) -> None:
    member = rich(api)
    made = [approved(finance, member) for _ in range(3)]
    file_id = exported(finance)
    before = finance.download(file_id).body
    finance.act(made[0], "mark-paid", {"bank_reference": "B1"})
    finance.act(made[1], "mark-failed", {"reason": "closed"})
    api.put("/v1/me/payout-account", PROVIDER, as_=token(member))
    assert finance.download(file_id).body == before


def test_nothing_is_exported_twice(api: Api, finance: Finance) -> None:
    member = rich(api)
    first = approved(finance, member)
    one = exported(finance)
    answer = finance.export()
    assert (answer.status, answer.body["code"]) == (409, "nothing_to_export")
    second = approved(finance, member)
    two = exported(finance)
    assert [[row["withdrawal_id"] for row in rows(finance, each)] for each in (one, two)] == [
        [first], [second],
    ]  # fmt: skip


def test_a_retry_of_an_export_answers_the_same_file(api: Api, finance: Finance) -> None:
    approved(finance, rich(api))
    key = new_key()
    first = finance.export(key)
    approved(finance, rich(api))
    again = finance.export(key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(rows(finance, first.body["id"])) == 1


def test_ten_exports_at_the_same_time_hold_each_withdrawal_once(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = [approved(finance, member, 1000) for _ in range(4)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: _exported(finance), range(10)))
    files = [answer for answer in answers if answer]
    held = [row["withdrawal_id"] for each in files for row in rows(finance, each)]
    assert sorted(held) == sorted(made)


def _exported(finance: Finance) -> str | None:
    file_id = ids.new_id("bnk")
    actor = Actor(finance.id, frozenset({"finance"}), None, "")
    act = Act(ids.new_id("act"), "bank_file.make", file_id, actor, clock.to_ms(clock.now()))
    try:
        made, _ = withdrawals_banking.make_bank_file(file_id, b"", act, clock.now())
    except NothingToExport:
        return None
    return made.id


def test_a_file_holds_so_many_and_the_next_one_the_others(
    api: Api, finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawals_banking, "MAX_IN_BANK_FILE", 2)
    member = rich(api)
    made = [approved(finance, member, 1000) for _ in range(3)]
    files = [exported(finance), exported(finance)]
    held = [[row["withdrawal_id"] for row in rows(finance, each)] for each in files]
    assert held == [made[:2], made[2:]]


def test_ninety_fit_in_one_file(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = [approved(finance, member, 1000) for _ in range(45)]
    other = rich(api)
    made += [approved(finance, other, 1000) for _ in range(46)]
    file_id = exported(finance)
    assert [row["withdrawal_id"] for row in rows(finance, file_id)] == made[:90]
    assert finance.listed("approved") == made[90:]


def test_bank_files_are_listed_newest_first(api: Api, finance: Finance) -> None:
    made = []
    for _ in range(2):
        approved(finance, rich(api))
        made.append(exported(finance))
    listed = api.get(FILES, as_=finance.token).body["data"]
    assert [each["id"] for each in listed] == made[::-1]
    assert finance.download("bnk_nobody").status == 404


def test_a_frozen_members_money_waits_for_another_file(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    freeze(member)
    assert finance.export().body["code"] == "nothing_to_export"
    assert finance.show(made)["status"] == "approved"
    freeze(member, ledger.ACTIVE)
    assert len(rows(finance, exported(finance))) == 1


def test_what_would_go_to_a_changed_account_goes_back(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    api.put("/v1/me/payout-account", {**BANK, "holder": "韩梅梅"}, as_=token(member))
    assert finance.export().body["code"] == "nothing_to_export"
    shown = finance.show(made)
    assert (shown["status"], shown["failure"]) == ("failed", "payout_account_changed")
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))


def test_what_the_bank_paid_is_spent(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    exported(finance)
    answer = finance.act(made, "mark-paid", {"bank_reference": "BOC-1"})
    assert (answer.status, answer.body["status"]) == (200, "paid")
    assert answer.body["bank_reference"] == "BOC-1"
    assert balances(member) == (88_000, 0)
    (entry,) = cash(made)
    assert {leg.account: leg.amount for leg in entry.postings} == {
        REBATES: 12_000, AT_BANK: -12_000,
    }  # fmt: skip
    assert (entry.transaction, entry.source) == (None, f"withdrawal:{made}")
    assert ties(member, made)


def test_what_the_bank_did_not_pay_goes_back(api: Api, finance: Finance) -> None:
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


def test_what_came_back_to_the_bank_goes_back_to_the_member(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    exported(finance)
    finance.act(made, "mark-paid", {"bank_reference": "BOC-1"})
    answer = finance.act(made, "mark-failed", {"reason": "退汇"})
    assert (answer.status, answer.body["status"]) == (200, "failed")
    assert balances(member) == (100_000, 0)
    gone, back = cash(made)
    assert gone.on(AT_BANK) + back.on(AT_BANK) == 0
    assert ties(member, made)
    again = finance.act(made, "mark-failed", {"reason": "退汇"})
    assert (again.status, again.body["code"]) == (409, "not_allowed_in_this_state")


MARKS: list[tuple[str, Any, Any]] = [
    ("mark-paid", {"bank_reference": "B1"}, {"bank_reference": "B2"}),
    ("mark-failed", {"reason": "one"}, {"reason": "another"}),
]


@pytest.mark.parametrize(("act", "body", "other"), MARKS)
def test_a_mark_is_made_once(api: Api, finance: Finance, act: str, body: Any, other: Any) -> None:
    member, key = rich(api), new_key()
    made = approved(finance, member)
    exported(finance)
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
def test_a_bank_reference_is_one_line(api: Api, finance: Finance, reference: Any) -> None:
    member = rich(api)
    made = approved(finance, member)
    exported(finance)
    before = everything(member)
    answer = finance.act(made, "mark-paid", {"bank_reference": reference})
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "bank_reference")
    assert everything(member) == before
