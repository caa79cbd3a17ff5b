"""Jobs that verify all accounts: in parts and rounds, started once, ended once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.kernel import clock
from chalicelib.ledger import events
from chalicelib.ledger.actions import verification
from chalicelib.ledger.rules.jobs import PARTS, SEGMENTS
from tests.api import Api, token
from tests.conftest import Time
from tests.ledger.books import entries_of
from tests.ledger.proving import busy_account, change, job, run, told, verify
from tests.second_engine import SecondEngine

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture(autouse=True)
def _an_empty_ledger(alone: SecondEngine) -> Iterator[None]:
    yield
    alone.empty("ledger")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_PAUSE_S", 0)


def test_a_job_runs_in_parts_and_shows_its_progress() -> None:
    accounts = [busy_account() for _ in range(3)]
    answer = verify()
    assert (answer.status, list(answer.body)) == (202, ["job_id"])
    job_id = answer.body["job_id"]
    assert job(job_id)["progress"] == {"done": 0, "total": SEGMENTS}
    facts = told(job_id)
    assert len(facts) == len({fact.id for fact in facts}) == PARTS
    for fact in facts[:4]:
        events._verify(fact)
    assert job(job_id)["progress"]["done"] == 4 * SEGMENTS // PARTS
    assert (job(job_id)["status"], job(job_id)["result"]) == ("running", None)
    assert verify().body["job_id"] == job_id
    done = run(job_id)
    entries = sum(len(entries_of(each)) for each in accounts)
    assert (done["status"], done["progress"]["done"]) == ("done", SEGMENTS)
    assert done["result"] == {
        "accounts": 3,
        "entries": entries,
        "ok": True,
        "problem_count": 0,
        "problems": [],
    }
    assert verify().body["job_id"] != job_id


def test_an_interrupted_part_continues_where_it_stopped() -> None:
    accounts = [busy_account() for _ in range(4)]
    job_id = verification.start_verification(clock.now())
    rounds = 0
    while facts := told(job_id):
        for fact in facts:
            part = fact.data
            verification.continue_part(part.job_id, part.part, part.round, lambda: True)
        rounds += 1
    assert rounds >= SEGMENTS // PARTS
    result = job(job_id)["result"]
    assert (result["accounts"], result["ok"]) == (4, True)
    assert result["entries"] == sum(len(entries_of(each)) for each in accounts)


def test_repeated_concurrent_and_late_messages_count_nothing_twice() -> None:
    busy_account()
    job_id = verification.start_verification(clock.now())
    first = told(job_id)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(events._verify, [fact for fact in first[:8] for _ in range(3)]))
    done = run(job_id)
    for fact in first:
        events._verify(fact)
    assert job(job_id) == done
    assert done["result"]["accounts"] == 1


def test_a_repeated_message_ends_a_job_whose_last_part_was_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy_account()
    job_id = verification.start_verification(clock.now())
    facts = told(job_id)
    with monkeypatch.context() as cut_off:
        cut_off.setattr(verification, "_finish", lambda _: None)
        for fact in facts:
            events._verify(fact)
    assert job(job_id)["status"] == "running"
    events._verify(facts[3])
    assert (job(job_id)["status"], job(job_id)["result"]["accounts"]) == ("done", 1)


def test_concurrent_starts_make_one_job() -> None:
    with ThreadPoolExecutor(8) as threads:
        started = list(
            threads.map(lambda _: verification.start_verification(clock.now()), range(8))
        )
    assert len(set(started)) == 1
    assert run(started[0])["status"] == "done"


def test_a_job_without_progress_for_hours_has_failed_and_another_may_start(time: Time) -> None:
    job_id = verification.start_verification(clock.now())
    time.advance(hours=2, minutes=1)
    assert job(job_id)["status"] == "failed"
    again = verification.start_verification(clock.now())
    assert again != job_id
    assert run(again)["status"] == "done"


def test_the_daily_function_starts_a_job_and_problems_are_counted(
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
