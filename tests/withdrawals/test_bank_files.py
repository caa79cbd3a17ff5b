"""The bank pays: finance exports each withdrawal in one file, and records the results."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from chalicelib import ledger
from chalicelib.audit import Act, Actor
from chalicelib.audit.queries import acts_on
from chalicelib.kernel import clock, ids
from chalicelib.kernel.cursors import PageQuery
from chalicelib.withdrawals.actions import bank_files, effects
from chalicelib.withdrawals.errors import NothingToExport
from chalicelib.withdrawals.queries import payout_accounts
from tests.api import Api, new_key, token
from tests.withdrawals.withdrawing import (
    BANK,
    CARD,
    FILES,
    PROVIDER,
    Finance,
    approved,
    asked,
    balances,
    counted,
    exported,
    freeze,
    rich,
    rows,
)


def test_a_file_holds_every_approved_withdrawal_to_a_bank(api: Api, finance: Finance) -> None:
    first, second = rich(api), rich(api, to={**BANK, "holder": "韩梅梅"})
    made = [approved(finance, first), approved(finance, second, 1990)]
    waiting = asked(api, first)
    elsewhere = approved(finance, rich(api, to=PROVIDER))
    answer = finance.export()
    assert (answer.status, answer.body["count"]) == (201, 2)
    assert answer.body["total"] == {"amount": 13_990, "currency": "CNY"}
    assert answer.body["author"] == finance.id
    asked_at = [datetime.fromisoformat(finance.show(each)["created_at"]) for each in made]
    days = [clock.program_day(at).isoformat() for at in asked_at]
    both = {
        "bank": BANK["bank"],
        "account_number": "6217 0000 1234 5671 233",
        "currency": "CNY",
    }
    li = {"holder": "李雷", "amount": "120.00", "amount_minor": "12000"}
    han = {"holder": "韩梅梅", "amount": "19.90", "amount_minor": "1990"}
    assert rows(finance, answer.body["id"]) == [
        {**both, **own, "withdrawal_id": id_, "requested_on": day}
        for own, id_, day in zip((li, han), made, days, strict=True)
    ]
    assert [finance.show(each)["status"] for each in made] == ["paying", "paying"]
    assert {finance.show(each)["bank_file"] for each in made} == {answer.body["id"]}
    assert finance.show(waiting)["status"] == "requested"
    assert finance.show(elsewhere)["status"] == "approved"
    acts = acts_on(answer.body["id"], PageQuery(), lambda act: act).data
    (act,) = [act for act in acts if act.action == "bank_file.make"]
    assert act.after == {"withdrawals": 2, "total": 13_990}


def test_each_download_of_a_file_is_audited(api: Api, finance: Finance) -> None:
    approved(finance, rich(api))
    file_id = exported(finance)
    assert finance.download("bnk_nobodys").status == 404
    for _ in range(2):
        assert finance.download(file_id).status == 200
    acts = acts_on(file_id, PageQuery(), lambda act: (act.action, act.actor.member_id)).data
    assert acts == [
        ("bank_file.read", finance.id),
        ("bank_file.read", finance.id),
        ("bank_file.make", finance.id),
    ]
    assert acts_on("bnk_nobodys", PageQuery(), lambda act: act).data == []


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


def test_a_file_keeps_its_bytes_after_its_withdrawals_change(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = [approved(finance, member) for _ in range(3)]
    file_id = exported(finance)
    before = finance.download(file_id).body
    finance.act(made[0], "mark-paid", {"bank_reference": "B1"})
    finance.act(made[1], "mark-failed", {"reason": "closed"})
    api.put("/v1/me/payout-account", PROVIDER, as_=token(member))
    assert finance.download(file_id).body == before


def test_no_withdrawal_is_exported_twice(api: Api, finance: Finance) -> None:
    member = rich(api)
    first = approved(finance, member)
    one = exported(finance)
    answer = finance.export()
    assert (answer.status, answer.body["code"]) == (409, "nothing_to_export")
    second = approved(finance, member)
    two = exported(finance)
    assert [[row["withdrawal_id"] for row in rows(finance, each)] for each in (one, two)] == [
        [first],
        [second],
    ]


def test_a_retry_of_an_export_returns_the_same_file(api: Api, finance: Finance) -> None:
    approved(finance, rich(api))
    key = new_key()
    first = finance.export(key)
    approved(finance, rich(api))
    again = finance.export(key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(rows(finance, first.body["id"])) == 1


def test_ten_concurrent_exports_hold_each_withdrawal_once(api: Api, finance: Finance) -> None:
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
        made, _ = bank_files.make_bank_file(file_id, b"", act, clock.now())
    except NothingToExport:
        return None
    return made.id


def test_a_file_has_a_largest_number_and_the_next_one_holds_the_rest(
    api: Api, finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_files, "MAX_IN_BANK_FILE", 2)
    member = rich(api)
    made = [approved(finance, member, 1000) for _ in range(3)]
    files = [exported(finance), exported(finance)]
    held = [[row["withdrawal_id"] for row in rows(finance, each)] for each in files]
    assert held == [made[:2], made[2:]]


def test_thirty_two_members_fit_in_one_file(api: Api, finance: Finance) -> None:
    made = [approved(finance, rich(api), 1000) for _ in range(33)]
    file_id = exported(finance)
    assert [row["withdrawal_id"] for row in rows(finance, file_id)] == made[:32]
    assert finance.listed("approved") == made[32:]


def test_a_member_frozen_during_an_export_is_not_in_the_file(
    api: Api, finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, other = rich(api), rich(api)
    waits, goes = approved(finance, member), approved(finance, other)
    find = effects.rebate_accounts
    stale = [find([member, other])]
    monkeypatch.setattr(effects, "rebate_accounts", lambda who: stale.pop() if stale else find(who))
    freeze(member)
    file_id = exported(finance)
    assert stale == []
    assert [row["withdrawal_id"] for row in rows(finance, file_id)] == [goes]
    assert finance.show(waits)["status"] == "approved"
    assert balances(member) == (88_000, 12_000)


def test_an_account_changed_during_an_export_gets_nothing(
    api: Api, finance: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, other = rich(api), rich(api)
    back, goes = approved(finance, member), approved(finance, other)
    find = payout_accounts.find_versions
    stale = [find([member, other])]
    monkeypatch.setattr(
        payout_accounts, "find_versions", lambda who: stale.pop() if stale else find(who)
    )
    api.put("/v1/me/payout-account", {**BANK, "holder": "韩梅梅"}, as_=token(member))
    file_id = exported(finance)
    assert stale == []
    assert [row["withdrawal_id"] for row in rows(finance, file_id)] == [goes]
    shown = finance.show(back)
    assert (shown["status"], shown["failure"]) == ("failed", "payout_account_changed")
    assert balances(member) == (100_000, 0)


def test_bank_files_are_listed_newest_first(api: Api, finance: Finance) -> None:
    made = []
    for _ in range(2):
        approved(finance, rich(api))
        made.append(exported(finance))
    listed = api.get(FILES, as_=finance.token).body["data"]
    assert [each["id"] for each in listed] == made[::-1]
    assert finance.download("bnk_nobody").status == 404


def test_a_frozen_members_withdrawal_waits_for_another_file(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    freeze(member)
    assert finance.export().body["code"] == "nothing_to_export"
    assert finance.show(made)["status"] == "approved"
    freeze(member, ledger.ACTIVE)
    assert len(rows(finance, exported(finance))) == 1


def test_a_withdrawal_to_a_changed_account_is_given_back(api: Api, finance: Finance) -> None:
    member = rich(api)
    made = approved(finance, member)
    api.put("/v1/me/payout-account", {**BANK, "holder": "韩梅梅"}, as_=token(member))
    assert finance.export().body["code"] == "nothing_to_export"
    shown = finance.show(made)
    assert (shown["status"], shown["failure"]) == ("failed", "payout_account_changed")
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))
