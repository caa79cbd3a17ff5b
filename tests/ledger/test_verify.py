"""Verification: what is sound is found sound, whatever happens meanwhile; what is not is named."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.streams import Change
from chalicelib.kernel.tables import connection
from chalicelib.ledger import events, queries
from chalicelib.ledger.actions import verification
from chalicelib.ledger.rules.jobs import PARTS, SEGMENTS
from chalicelib.ledger.tables import AccountItem, EntryItem, EscrowItem, PartItem, PendingItem
from tests.api import Answer, Api, token
from tests.conftest import Time
from tests.ledger.books import LATER, cause, entries_of, give, new_account, spend

pytestmark = pytest.mark.usefixtures("alone")
NOT_YET: Callable[[], bool] = lambda: False  # noqa: E731
AT_ONCE: Callable[[], bool] = lambda: True  # noqa: E731


@pytest.fixture(autouse=True)
def _an_empty_ledger(alone: str) -> Iterator[None]:
    yield
    client: Any = connection().client
    for page in client.get_paginator("scan").paginate(TableName="jifen-dev-ledger"):
        for item in page["Items"]:
            key = {"pk": item["pk"], "sk": item["sk"]}
            client.delete_item(TableName="jifen-dev-ledger", Key=key)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_PAUSE_S", 0)


def busy_account() -> str:
    """An account in which every balance has moved."""
    account_id = new_account()
    now = clock.now()
    give(account_id, 100, "gift", now=now)
    give(account_id, 30, "later", unlocks_at=LATER, now=now)
    spend(account_id, 40, "cup", now=now)
    hold_id = f"shop:{account_id}"
    until = int((now + timedelta(hours=1)).timestamp())
    ledger.place_hold(account_id, hold_id, 10, until, cause(""), now)
    ledger.capture_hold(hold_id, 4, now)
    ledger.place_hold(account_id, f"{hold_id}:2", 5, until, cause(""), now)
    transfer = cause(ledger.transfer_reference(ids.new_id("trf")))
    ledger.transfer_to_escrow(account_id, account_id[::-1], b"sealed", 7, transfer, now)
    return account_id


def change(account_id: str, sort_key: str, name: str, value: dict[str, Any] | None) -> None:
    """Change a stored item behind the ledger's back."""
    client: Any = connection().client
    key = {"pk": {"S": f"ACC#{account_id}"}, "sk": {"S": sort_key}}
    how = {"UpdateExpression": f"REMOVE #{name}"}
    if value is not None:
        how = {"UpdateExpression": f"SET #{name} = :v"}
        how["ExpressionAttributeValues"] = {":v": value}  # type: ignore[assignment]
    client.update_item(
        TableName="jifen-dev-ledger", Key=key, ExpressionAttributeNames={f"#{name}": name}, **how
    )


def verify(member_id: str | None = None, role: str = "finance") -> Answer:
    path = "/v1/admin/ledger/verify" + (f"?member_id={member_id}" if member_id else "")
    return Api().get(path, as_=token("mbr_staff", role))


def job(job_id: str) -> Any:
    answer = Api().get(f"/v1/admin/jobs/{job_id}", as_=token("mbr_staff", "ops"))
    assert answer.status == 200, answer.body
    return answer.body


def told(job_id: str) -> list[Fact]:
    """What the relay tells of a job's parts as they stand."""
    items = PartItem.query(f"JOB#{job_id}", PartItem.sk.startswith("SEG#"))
    return [f for item in items for f in events.facts_of(Change("1", {}, item.to_dynamodb_dict()))]


def run(job_id: str) -> Any:
    """Deliver the job's messages until there are none; the job as it then is."""
    while facts := told(job_id):
        for fact in facts:
            events._verify(fact)
    return job(job_id)


def run_whole() -> Any:
    return run(verify().body["job_id"])["result"]


def test_a_members_accounts_are_verified_at_once() -> None:
    account_id = busy_account()
    member_id = account_id.partition(":")[0]
    give(f"{member_id}:growth", 5, "r1")
    answer = verify(member_id)
    assert answer.status == 200
    assert answer.body == {
        "accounts": 2, "entries": len(entries_of(account_id)) + 1, "ok": True,
        "problem_count": 0, "problems": [],
    }  # fmt: skip


def test_nobody_has_nothing_to_verify() -> None:
    assert verify("mbr_nobody").body["accounts"] == 0


TAMPERED: list[tuple[str, str, dict[str, Any] | None, str]] = [
    ("ENT#cup", "points", {"N": "-39"}, "hash"),
    ("ENT#cup", "source", {"S": "elsewhere"}, "hash"),
    ("ENT#cup", "hash", {"B": b"x" * 32}, "hash"),
    ("ENT#cup", "prev_hash", {"B": b"x" * 32}, "chain"),
    ("ENT#cup", "seq", {"N": "9"}, "gap"),
    ("ENT#cup", "lots", {"M": {str(LATER): {"N": "-41"}}}, "balance"),
    ("ENT#cup", "contra", {"S": "expired"}, "redeemed"),
    ("ENT#cup", "contra", None, "postings"),
    ("ENT#cup", "recorded_at", {"N": "1"}, "time"),
    ("ENT#cup", "day_shard", None, "index"),
    ("ENT#cup", "day_shard", {"S": "2026-11-20#1"}, "index"),
    ("ACCOUNT", "posted", {"N": "1000"}, "posted"),
    ("ACCOUNT", "lots", {"M": {str(LATER): {"N": "1000"}}}, "lots"),
    ("ACCOUNT", "held", {"N": "6"}, "hold"),
    ("ACCOUNT", "pending", {"N": "29"}, "pending"),
    ("ACCOUNT", "accrued", {"N": "29"}, "algebra"),
    ("ACCOUNT", "head_hash", {"B": b"x" * 32}, "head_hash"),
    ("PND#later", "points", {"N": "29"}, "pending"),
]


@pytest.mark.parametrize(("sort_key", "name", "value", "code"), TAMPERED)
def test_what_was_changed_by_hand_is_named_one_by_one_and_all_together(
    sort_key: str, name: str, value: dict[str, Any] | None, code: str
) -> None:
    account_id, other = busy_account(), busy_account()
    change(account_id, sort_key, name, value)
    alone = verify(account_id.partition(":")[0]).body
    whole = run_whole()
    for result in (alone, whole):
        assert not result["ok"]
        assert code in {problem["code"] for problem in result["problems"]}
        assert {problem["account"] for problem in result["problems"]} == {account_id}
    assert whole["accounts"] == 2
    assert verify(other.partition(":")[0]).body["ok"]


def test_an_entry_that_is_gone_and_one_that_was_put_in_are_found() -> None:
    account_id = busy_account()
    member_id = account_id.partition(":")[0]
    entry = next(each for each in entries_of(account_id) if each.reference == "cup")
    EntryItem.of(entry).delete()
    assert verify(member_id).body["problems"][0]["code"] == "gap"
    assert not run_whole()["ok"]
    EntryItem.of(entry).save()
    assert verify(member_id).body["ok"]


def test_an_account_that_is_gone_is_found() -> None:
    account_id = busy_account()
    AccountItem(f"ACC#{account_id}", "ACCOUNT").delete()
    assert "seq" in {each["code"] for each in verify(account_id.partition(":")[0]).body["problems"]}
    assert run_whole()["accounts"] == 1


def test_words_beside_an_entry_may_be_forgotten() -> None:
    account_id = busy_account()
    change(account_id, "ENT#cup", "note", {"B": b"other words"})
    assert verify(account_id.partition(":")[0]).body["ok"]
    assert run_whole()["ok"]


def test_a_gift_that_vanished_from_escrow_is_found() -> None:
    account_id = busy_account()
    (escrow,) = ledger.escrows_of(account_id[::-1])
    item = EscrowItem.of(escrow)
    item.delete()
    result = run_whole()
    (problem,) = result["problems"]
    assert problem == {
        "account": "program:points:transfers", "seq": None, "code": "escrow",
        "detail": "7 left, 0 lie in escrow",
    }  # fmt: skip
    item.save()
    assert run_whole()["ok"]


def test_a_job_runs_in_parts_and_tells_how_far_it_is() -> None:
    accounts = [busy_account() for _ in range(3)]
    answer = verify()
    assert (answer.status, list(answer.body)) == (202, ["job_id"])
    job_id = answer.body["job_id"]
    assert job(job_id)["progress"] == {"done": 0, "total": SEGMENTS}
    facts = told(job_id)
    assert len(facts) == len({fact.id for fact in facts}) == PARTS
    for fact in facts[:4]:
        events._verify(fact)
    assert job(job_id)["progress"]["done"] == SEGMENTS // 4
    assert (job(job_id)["status"], job(job_id)["result"]) == ("running", None)
    assert verify().body["job_id"] == job_id
    done = run(job_id)
    entries = sum(len(entries_of(each)) for each in accounts)
    assert (done["status"], done["progress"]["done"]) == ("done", SEGMENTS)
    assert done["result"] == {
        "accounts": 3, "entries": entries, "ok": True, "problem_count": 0, "problems": [],
    }  # fmt: skip
    assert verify().body["job_id"] != job_id


def test_a_part_that_was_cut_off_goes_on_where_it_was() -> None:
    accounts = [busy_account() for _ in range(4)]
    job_id, _ = verification.start_verification(clock.now())
    rounds = 0
    while facts := told(job_id):
        for fact in facts:
            part = fact.data
            verification.go_on(part["job_id"], part["part"], part["round"], AT_ONCE)
        rounds += 1
    assert rounds >= SEGMENTS // PARTS
    result = job(job_id)["result"]
    assert (result["accounts"], result["ok"]) == (4, True)
    assert result["entries"] == sum(len(entries_of(each)) for each in accounts)


def test_messages_that_come_again_or_at_once_or_late_count_nothing_twice() -> None:
    busy_account()
    job_id, _ = verification.start_verification(clock.now())
    first = told(job_id)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(events._verify, [fact for fact in first[:8] for _ in range(3)]))
    done = run(job_id)
    for fact in first:
        events._verify(fact)
    assert job(job_id) == done
    assert done["result"]["accounts"] == 1


def test_a_job_whose_last_part_was_cut_off_is_ended_by_the_message_that_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy_account()
    job_id, _ = verification.start_verification(clock.now())
    facts = told(job_id)
    monkeypatch.setattr(verification, "_finish", lambda _: None)
    for fact in facts:
        events._verify(fact)
    assert job(job_id)["status"] == "running"
    monkeypatch.undo()
    monkeypatch.setattr(verification, "_PAUSE_S", 0)


def test_one_job_is_started_by_many_who_ask_at_once() -> None:
    with ThreadPoolExecutor(8) as threads:
        started = list(
            threads.map(lambda _: verification.start_verification(clock.now()), range(8))
        )
    assert len({job_id for job_id, _ in started}) == 1
    assert [made for _, made in started].count(True) == 1


def test_a_job_that_does_not_move_for_hours_has_failed_and_another_may_start(time: Time) -> None:
    job_id, _ = verification.start_verification(clock.now())
    time.advance(hours=2, minutes=1)
    assert job(job_id)["status"] == "failed"
    again, made = verification.start_verification(clock.now())
    assert (made, again != job_id) == (True, True)
    assert run(again)["status"] == "done"


def test_the_daily_function_starts_a_job_and_bad_news_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from infra.local import schedules

    account_id = busy_account()
    change(account_id, "ACCOUNT", "posted", {"N": "1000"})
    started = events.verify_ledger(schedules.event("verify_ledger", "2026-11-21T08:00:00Z"), None)
    capsys.readouterr()
    run(started["job_id"])
    said = capsys.readouterr().out
    assert '"LedgerNotSound":[1.0]' in said.replace(" ", "")
    assert '"stage":"dev"' in said.replace(" ", "")


def test_an_unknown_job_is_not_found() -> None:
    assert Api().get("/v1/admin/jobs/job_x", as_=token("mbr_staff", "admin")).status == 404


def test_the_first_hundred_problems_are_told_and_all_are_counted() -> None:
    for _ in range(3):
        account_id = new_account()
        for number in range(21):
            give(account_id, 1, f"r{number}")
        for number in range(21):
            change(account_id, f"ENT#r{number}", "source", {"S": "elsewhere"})
    result = run_whole()
    assert len(result["problems"]) == 100
    assert result["problem_count"] > 100


def test_a_ledger_that_is_written_to_meanwhile_is_found_sound() -> None:
    accounts = [new_account() for _ in range(4)]
    for account_id in accounts:
        give(account_id, 1_000, "start", now=clock.now())
    over = threading.Event()

    def trade(number: int) -> int:
        done = 0
        while not over.is_set():
            done += 1
            sender, receiver = accounts[number], accounts[(number + done) % 4]
            if sender != receiver:
                why = cause(ledger.transfer_reference(f"trf_{number}_{done}"))
                ledger.transfer(sender, receiver, 1, why, clock.now())
            else:
                give(sender, 1, f"r{number}:{done}", unlocks_at=LATER, now=clock.now())
        return done

    with ThreadPoolExecutor(2) as threads:
        traders = [threads.submit(trade, number) for number in range(2)]
        try:
            results = [run_whole() for _ in range(2)]
        finally:
            over.set()
        assert all(trader.result() > 3 for trader in traders)
    assert [result["problems"] for result in results] == [[], []]


def test_bytes_of_an_item_that_nobody_can_read_are_a_problem() -> None:
    account_id = busy_account()
    change(account_id, "ENT#cup", "points", {"S": "many"})
    result = run_whole()
    assert not result["ok"]
    assert base64.b64encode(b"").decode() == ""
    assert PendingItem is not None
    assert queries is not None
