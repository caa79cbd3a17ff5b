"""Rebuilds: the same books always give the same bytes."""

from __future__ import annotations

import os
import time as machine
from pathlib import Path
from typing import Any

import pytest

from chalicelib.finance.actions import rebuilds
from chalicelib.finance.actions import settlements as settling
from chalicelib.finance.events import settlements
from chalicelib.finance.queries.settlements import find_settlement
from chalicelib.kernel import clock
from chalicelib.kernel.store.facts import Fact
from tests.api import Answer, Api, new_key, token
from tests.finance.books import BUCKET, Mall, at
from tests.finance.november import play


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Fact]:
    """The messages of the API to the queue."""
    facts: list[Fact] = []
    monkeypatch.setattr(rebuilds, "send", lambda _, fact: facts.append(fact))
    return facts


def ask(settlement: str, key: str) -> Answer:
    as_ = token("mbr_finance", "finance")
    return Api().post(f"/v1/admin/settlements/{settlement}/rebuild", as_=as_, key=key)


def job(job_id: str) -> dict[str, Any]:
    answer = Api().get(f"/v1/admin/jobs/{job_id}", as_=token("mbr_finance", "finance"))
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.body
    return found


def all_files(mall: Mall, day: int) -> dict[str, bytes]:
    prefix = f"settlements/2026-11-{day:02d}/CNY/"
    names = [key.removeprefix(prefix) for key in mall.objects() if key.startswith(prefix)]
    return {name: mall.file(day, name) for name in names}


def test_a_rebuilt_day_is_byte_for_byte_the_published_one(mall: Mall) -> None:
    play(mall)
    mall.settle(at(4, 0, 30))
    before = all_files(mall, 2)
    assert len(before) == 11
    # Later facts, another time zone of the machine and another umask change nothing.
    mall.charge("ch_later", mall.order(0, 100), 100, 1, at(4, 9))
    mall.settle(at(5, 0, 30))
    zone, mask = os.environ.get("TZ"), os.umask(0o077)
    try:
        os.environ["TZ"] = "America/New_York"
        machine.tzset()
        published = find_settlement(clock.program_day(at(2)), "CNY")
        assert published is not None
        assert rebuilds.rebuild(published) == ((), ())
    finally:
        os.umask(mask)
        os.environ.pop("TZ") if zone is None else os.environ.update(TZ=zone)
        machine.tzset()
    assert all_files(mall, 2) == before


def test_a_rebuild_restores_a_lost_file(mall: Mall, sent: list[Fact]) -> None:
    play(mall)
    mall.settle(at(3, 0, 30))
    before = all_files(mall, 2)
    key = "settlements/2026-11-02/CNY/points.csv"
    mall.s3.put_object(Bucket=BUCKET, Key=key, Body=b"changed by hand")
    asked = ask("2026-11-02-CNY", new_key())
    assert (asked.status, list(asked.body)) == (202, ["job_id"])
    running = job(asked.body["job_id"])
    assert (running["status"], running["result"]) == ("running", None)
    assert running["progress"]["done"] == 0
    [fact] = sent
    settlements._rebuild(fact)
    done = job(asked.body["job_id"])
    assert (done["type"], done["status"]) == ("rebuild_settlement", "done")
    assert done["progress"]["done"] == done["progress"]["total"] > 0
    assert done["result"] == {
        "settlement_id": "2026-11-02-CNY",
        "same": True,
        "differing_files": [],
        "kept_files": [],
    }
    assert all_files(mall, 2) == before
    settlements._rebuild(fact)
    assert job(asked.body["job_id"]) == done


def test_a_rebuild_that_differs_is_reported_and_overwrites_nothing(
    mall: Mall, sent: list[Fact], capsys: pytest.CaptureFixture[str]
) -> None:
    order_id = mall.order(0, 1_000, 400)
    mall.charge("ch_1", order_id, 1_000, 10, at(1))
    mall.settle(at(2, 0, 30))
    before = all_files(mall, 1)
    mall.orders[order_id] = mall.orders[mall.order(0, 1_000, 300)]
    asked = ask("2026-11-01-CNY", new_key())
    [fact] = sent
    settlements._rebuild(fact)
    result = job(asked.body["job_id"])["result"]
    assert not result["same"]
    assert result["differing_files"] == ["orders.csv", "settlement.xlsx", "summary.csv"]
    assert all_files(mall, 1) == before
    assert '"SettlementDiffers":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_a_retry_returns_the_same_job_and_queues_it_again_until_it_is_done(
    mall: Mall, sent: list[Fact]
) -> None:
    mall.account(10, at(1))
    mall.settle(at(2, 0, 30))
    key = new_key()
    first, again = ask("2026-11-01-CNY", key), ask("2026-11-01-CNY", key)
    assert (first.status, again.status) == (202, 202)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert sent[0] == sent[1]
    settlements._rebuild(sent[0])
    assert ask("2026-11-01-CNY", key).body == first.body
    assert len(sent) == 2
    listed = Api().get("/v1/admin/audit?subject=2026-11-01-CNY", as_=token("mbr_ops", "ops"))
    assert [act["action"] for act in listed.body["data"]] == ["settlement.rebuild"]


def test_a_rebuild_without_progress_for_hours_has_failed(mall: Mall, sent: list[Fact]) -> None:
    mall.account(10, at(1))
    mall.settle(at(2, 0, 30))
    asked = ask("2026-11-01-CNY", new_key())
    mall.set_clock(at(2, 6, 31))
    assert job(asked.body["job_id"])["status"] == "failed"
    settlements._rebuild(sent[0])
    assert job(asked.body["job_id"])["status"] == "done"


@pytest.mark.parametrize(
    ("settlement", "status", "code"),
    [
        ("2026-11-02-CNY", 409, "day_not_over"),
        ("2026-12-24-CNY", 409, "day_not_over"),
        ("2026-10-31-CNY", 404, "not_found"),
        ("2026-11-01-USD", 404, "not_found"),
        ("2026-02-30-CNY", 404, "not_found"),
        ("yesterday", 404, "not_found"),
    ],
)
def test_a_day_that_cannot_be_rebuilt_is_refused_and_nothing_is_written(
    mall: Mall, sent: list[Fact], settlement: str, status: int, code: str
) -> None:
    mall.account(10, at(1))
    mall.settle(at(2, 0, 30))
    as_, before = token("mbr_finance", "finance"), mall.objects()
    for answer in (
        ask(settlement, new_key()),
        Api().get(f"/v1/admin/settlements/{settlement}", as_=as_),
    ):
        assert (answer.status, answer.body["code"]) == (status, code)
    assert sent == []
    assert mall.objects() == before


def test_a_rebuild_of_an_unsettled_day_is_refused(mall: Mall, sent: list[Fact]) -> None:
    mall.set_clock(at(2, 0, 29))
    assert ask("2026-11-01-CNY", new_key()).body["settles_at"] == "2026-11-01T16:30:00Z"
    mall.set_clock(at(2, 0, 31))
    answer = ask("2026-11-01-CNY", new_key())
    assert (answer.status, answer.body["code"]) == (409, "day_not_settled")
    assert sent == []


def test_files_on_disk_are_deleted_once_they_are_published(
    mall: Mall, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mall.account(10, at(1))
    mall.settle(at(2, 0, 30))
    assert mall.objects()
    assert list(tmp_path.iterdir()) == []
    with settling.built(clock.program_day(at(1)), "CNY", lambda _: None) as (_, folder):
        assert (folder / "settlement.xlsx").exists()
    assert list(tmp_path.iterdir()) == []
