"""Verification finds each problem of a damaged ledger, and none of a sound one under load."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.store.tables import connection
from chalicelib.ledger.actions import verification
from chalicelib.ledger.rules.transfers import Escrow
from chalicelib.ledger.tables import AccountItem, EntryItem, EscrowItem
from tests.ledger.books import FAR, cause, entries_of, give, new_account
from tests.ledger.proving import busy_account, change, run_whole, verify
from tests.second_engine import SecondEngine

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture(autouse=True)
def _an_empty_ledger(alone: SecondEngine) -> Iterator[None]:
    yield
    alone.empty("ledger")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_PAUSE_S", 0)


def test_a_members_accounts_are_verified_at_once() -> None:
    account_id = busy_account()
    member_id = account_id.partition(":")[0]
    give(f"{member_id}:growth", 5, "r1")
    answer = verify(member_id)
    assert answer.status == 200
    assert answer.body == {
        "accounts": 2,
        "entries": len(entries_of(account_id)) + 1,
        "ok": True,
        "problem_count": 0,
        "problems": [],
    }


def test_an_unknown_member_has_nothing_to_verify() -> None:
    assert verify("mbr_nobody").body["accounts"] == 0


TAMPERED: list[tuple[str, str, dict[str, Any] | None, str]] = [
    ("ENT#cup", "points", {"N": "-39"}, "hash"),
    ("ENT#cup", "source", {"S": "elsewhere"}, "hash"),
    ("ENT#cup", "hash", {"B": b"x" * 32}, "hash"),
    ("ENT#cup", "prev_hash", {"B": b"x" * 32}, "chain"),
    ("ENT#cup", "seq", {"N": "9"}, "gap"),
    ("ENT#cup", "lots", {"M": {str(FAR): {"N": "-41"}}}, "balance"),
    ("ENT#cup", "contra", {"S": "expired"}, "redeemed"),
    ("ENT#cup", "contra", None, "postings"),
    ("ENT#cup", "recorded_at", {"N": "1"}, "time"),
    ("ENT#cup", "day_shard", None, "index"),
    ("ENT#cup", "day_shard", {"S": "2026-11-20#1"}, "index"),
    ("ACCOUNT", "posted", {"N": "1000"}, "posted"),
    ("ACCOUNT", "lots", {"M": {str(FAR): {"N": "1000"}}}, "lots"),
    ("ACCOUNT", "held", {"N": "6"}, "held"),
    ("ACCOUNT", "pending", {"N": "29"}, "pending"),
    ("ACCOUNT", "accrued", {"N": "29"}, "algebra"),
    ("ACCOUNT", "head_hash", {"B": b"x" * 32}, "head_hash"),
    ("PND#later", "points", {"N": "29"}, "pending"),
]


def test_tampered_items_are_named_for_one_account_and_for_all() -> None:
    accounts = {busy_account(): each for each in TAMPERED}
    honest = busy_account()
    for account_id, (sort_key, name, value, _) in accounts.items():
        change(account_id, sort_key, name, value)
    whole: dict[str, set[str]] = {}
    for problem in run_whole()["problems"]:
        whole.setdefault(problem["account"], set()).add(problem["code"])
    assert set(whole) == set(accounts)
    for account_id, (*_, code) in accounts.items():
        alone = verify(account_id.partition(":")[0]).body
        codes = {problem["code"] for problem in alone["problems"]}
        assert (alone["ok"], code in codes) == (False, True), codes
        assert codes == whole[account_id]
    assert verify(honest.partition(":")[0]).body["ok"]


def test_a_deleted_and_an_inserted_entry_are_found() -> None:
    account_id = busy_account()
    member_id = account_id.partition(":")[0]
    entry = next(each for each in entries_of(account_id) if each.reference == "cup")
    EntryItem.of(entry).delete()
    assert verify(member_id).body["problems"][0]["code"] == "gap"
    EntryItem.of(entry).save()
    assert verify(member_id).body["ok"]


def test_a_deleted_account_is_found() -> None:
    account_id = busy_account()
    AccountItem(f"ACC#{account_id}", "ACCOUNT").delete()
    assert "seq" in {each["code"] for each in verify(account_id.partition(":")[0]).body["problems"]}


def test_an_escrow_that_cannot_be_read_hides_nothing_else() -> None:
    account_id = busy_account()
    change(account_id, "ACCOUNT", "posted", {"N": "1000"})
    escrow = Escrow("somebody", "trf_junk", account_id, {FAR: 5}, FAR, b"sealed")
    item = EscrowItem.of(escrow)
    item.save()
    item.update([EscrowItem.lots.remove()])
    try:
        whole = run_whole()
    finally:
        item.delete()
    codes = {problem["code"] for problem in whole["problems"]}
    assert {"posted", "unreadable"} <= codes


def test_the_note_of_an_entry_may_be_erased() -> None:
    account_id = busy_account()
    change(account_id, "ENT#cup", "note", {"B": b"other words"})
    assert verify(account_id.partition(":")[0]).body["ok"]


def test_a_gift_missing_from_escrow_is_found() -> None:
    account_id = busy_account()
    (escrow,) = ledger.escrows_of(account_id[::-1])
    EscrowItem.of(escrow).delete()
    result = run_whole()
    (problem,) = result["problems"]
    assert problem == {
        "account": "program:points:transfers",
        "seq": None,
        "code": "escrow",
        "detail": "7 left, 0 lie in escrow",
    }


def test_the_first_hundred_problems_are_listed_and_all_are_counted() -> None:
    for _ in range(3):
        account_id = new_account()
        for number in range(21):
            give(account_id, 1, f"r{number}")
        for number in range(21):
            change(account_id, f"ENT#r{number}", "source", {"S": "elsewhere"})
    result = run_whole()
    assert len(result["problems"]) == 100
    assert result["problem_count"] > 100


def test_a_ledger_written_during_its_verification_is_sound() -> None:
    accounts = [new_account() for _ in range(4)]
    for account_id in accounts:
        give(account_id, 1_000, "start", now=clock.now())
    over = threading.Event()

    def trade(number: int) -> int:
        done = 0
        while not over.is_set():
            done += 1
            sender, receiver = accounts[number], accounts[(number + done) % 4]
            if sender != receiver and done < 20:
                why = cause(ledger.transfer_reference(f"trf_{number}_{done}"))
                ledger.transfer(sender, receiver, 1, why, clock.now())
            else:
                now = clock.now()
                give(sender, 1, f"r{number}:{done}", expires_at=FAR, unlocks_at=FAR, now=now)
        return done

    with ThreadPoolExecutor(2) as threads:
        traders = [threads.submit(trade, number) for number in range(2)]
        try:
            result = run_whole()
        finally:
            over.set()
        assert all(trader.result() > 3 for trader in traders)
    assert result["problems"] == []


def test_an_unreadable_entry_is_a_problem_and_does_not_stop_the_job() -> None:
    account_id, _ = busy_account(), busy_account()
    change(account_id, "ENT#cup", "points", {"S": "many"})
    result = run_whole()
    assert "unreadable" in {problem["code"] for problem in result["problems"]}
    assert {problem["account"] for problem in result["problems"]} == {account_id}
    assert result["accounts"] == 2


@pytest.mark.parametrize("pk", ["nobody", "ACC#", "ACC#mbr_1", "ACC#mbr_1:gold", "HLD#1"])
def test_an_entry_under_an_invalid_account_key_is_a_problem(pk: str) -> None:
    account_id = busy_account()
    client: Any = connection().client
    where = {"pk": {"S": f"ACC#{account_id}"}, "sk": {"S": "ENT#cup"}}
    entry = client.get_item(TableName="jifen-dev-ledger", Key=where)["Item"]
    client.put_item(TableName="jifen-dev-ledger", Item={**entry, "pk": {"S": pk}})
    result = run_whole()
    assert {problem["account"] for problem in result["problems"]} == {pk.removeprefix("ACC#")}
    assert "misplaced" in {problem["code"] for problem in result["problems"]}


def test_a_misplaced_entry_does_not_stop_the_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client: Any = connection().client
    account_id = busy_account()
    where = {"pk": {"S": f"ACC#{account_id}"}, "sk": {"S": "ENT#cup"}}
    entry = client.get_item(TableName="jifen-dev-ledger", Key=where)["Item"]
    for number in range(3):
        key = {"pk": {"S": "nobody"}, "sk": {"S": f"ENT#{number}"}}
        client.put_item(TableName="jifen-dev-ledger", Item={**entry, **key})
    monkeypatch.setattr("chalicelib.ledger.events._enough_after", lambda _: lambda: True)
    result = run_whole()
    misplaced = [each for each in result["problems"] if each["code"] == "misplaced"]
    assert [each["account"] for each in misplaced] == ["nobody"] * 3
    assert result["accounts"] == 1
