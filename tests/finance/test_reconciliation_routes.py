"""Reconciliation over HTTP: finance reads days and findings, and explains findings."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.audit.queries import acts_on
from chalicelib.finance.events.reconciliations import reconcile_day
from chalicelib.finance.rules.reconciled_days import EXPLAINED, OPEN
from chalicelib.kernel import clock, ids
from chalicelib.kernel.cursors import PageQuery
from chalicelib.payments.actions import provider
from infra.local import schedules
from tests.api import Answer, Api, new_key, token
from tests.finance.reconciling import Reconciling, after, day, kept, lists
from tests.finance.two_books import HOUR_MS, START_MS

PATH = "/v1/admin/reconciliations"
FINDINGS = "/v1/admin/reconciliation-findings"
NOTE = {"note": "渠道测试收款，已原路退回"}


def finance() -> str:
    return token("mbr_finance", "finance")


@pytest.fixture
def api(alone: Any, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The mall on the morning of the fourth day: two charges of the first are unrecorded."""
    run = Reconciling(monkeypatch)
    for name in ("a", "b"):
        run.charge(name, START_MS + HOUR_MS)
    run.charge("c", START_MS + 50 * HOUR_MS)
    assert run.run(2) == 3
    monkeypatch.setattr(clock, "source", lambda: after(2))
    return Api()


def explain(api: Api, name: str, body: Any = NOTE, key: str | None = None) -> Answer:
    path = f"{FINDINGS}/{name}/explain"
    return api.post(path, body, as_=token(ids.new_id("mbr"), "finance"), key=key or new_key())


def test_days_are_listed_newest_first_with_their_totals(api: Api) -> None:
    first = api.get(f"{PATH}?limit=2", as_=finance()).body
    rest = api.get(f"{PATH}?limit=2&cursor={first['next_cursor']}", as_=finance()).body
    found = [*first["data"], *rest["data"]]
    assert [each["day"] for each in found] == [str(day(number)) for number in (2, 1, 0)]
    (totals,) = found[0]["totals"]
    assert totals == {
        "currency": "CNY",
        "ours": {"lines": 0, "net": 0, "closing": 0},
        "theirs": {"lines": 1, "net": 941, "closing": 3 * 941},
        "provider_balance": 3 * 941,
        "in_findings": 3 * 941,
        "unexplained": 0,
    }
    assert found[1]["counts"] == {"missing_here": 2, "waiting": 0}


def test_a_day_is_shown_by_its_date(api: Api) -> None:
    answer = api.get(f"{PATH}/{day(0)}", as_=finance())
    assert (answer.status, answer.body["status"]) == (200, "done")
    assert api.get(f"{PATH}/{day(7)}", as_=finance()).status == 404


@pytest.mark.parametrize("text", ["20261202", "2026-13-01", "yesterday", "2026-W49-3", "findings"])
def test_an_invalid_date_is_refused(api: Api, text: str) -> None:
    answer = api.get(f"{PATH}/{text}", as_=finance())
    assert (answer.status, answer.body["errors"][0]["code"]) == (400, "not_a_day")


def test_open_findings_show_their_lines_and_their_age(api: Api) -> None:
    first, second = api.get(FINDINGS, as_=finance()).body["data"]
    assert (first["id"], second["id"]) == ("txn_a", "txn_b")
    assert first["theirs"]["source"] == "ch_a"
    assert first["theirs"]["net"] == first["difference"] == 941
    assert (first["kind"], first["ours"], first["age_days"]) == ("missing_here", None, 3)
    waiting = api.get(f"{FINDINGS}?status=waiting", as_=finance()).body["data"]
    assert [each["id"] for each in waiting] == ["txn_c"]
    assert api.get(f"{FINDINGS}?status=dropped", as_=finance()).status == 400


def test_finance_explains_a_finding_and_the_audit_records_it(api: Api) -> None:
    answer = explain(api, "txn_a")
    assert (answer.status, answer.body["status"]) == (200, "explained")
    assert answer.body["note"] == NOTE["note"]
    assert [case.key for case in kept(OPEN)] == ["txn_b"]
    (shown,) = api.get(f"{FINDINGS}?status=explained", as_=finance()).body["data"]
    assert shown == answer.body
    (act,) = acts_on("txn_a", PageQuery(), lambda act: act).data
    assert (act.action, act.reason) == ("reconciliation.explain", NOTE["note"])
    assert (act.before["status"], act.after["status"]) == ("open", "explained")
    assert act.actor.member_id == answer.body["explained_by"]


def test_a_note_is_stored_sealed(api: Api) -> None:
    explain(api, "txn_a")
    (case,) = kept(EXPLAINED)
    assert case.note
    assert NOTE["note"].encode() not in case.note


def test_a_retry_of_an_explanation_returns_the_same_finding(api: Api) -> None:
    as_, key, path = finance(), new_key(), f"{FINDINGS}/txn_a/explain"
    first = api.post(path, NOTE, as_=as_, key=key)
    again = api.post(path, NOTE, as_=as_, key=key)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = api.post(path, {"note": "something else"}, as_=as_, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert len(acts_on("txn_a", PageQuery(), lambda act: act).data) == 1


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("txn_none", 404, "not_found"), ("txn_c", 409, "not_allowed_in_this_state")],
    ids=["one that is not there", "one that may still explain itself"],
)
def test_a_finding_that_is_not_open_cannot_be_explained(
    api: Api, name: str, status: int, code: str
) -> None:
    before = lists()
    answer = explain(api, name)
    assert (answer.status, answer.body["code"], lists()) == (status, code, before)
    assert acts_on(name, PageQuery(), lambda act: act).data == []


def test_a_finding_is_explained_once(api: Api) -> None:
    explain(api, "txn_a")
    answer = explain(api, "txn_a", {"note": "otherwise"})
    assert (answer.status, answer.body["current_status"]) == (409, "explained")
    assert len(acts_on("txn_a", PageQuery(), lambda act: act).data) == 1


@pytest.mark.parametrize("body", [{}, {"note": ""}, {"note": "x" * 501}, {"note": "x", "more": 1}])
def test_an_empty_or_too_long_note_is_refused(api: Api, body: Any) -> None:
    before = lists()
    assert explain(api, "txn_a", body).status == 400
    assert lists() == before


def test_the_schedule_reconciles_days_that_are_over(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Reconciling(monkeypatch)
    run.provider.now = after(4)
    monkeypatch.setattr(clock, "source", lambda: after(4))
    monkeypatch.setattr(provider, "gateway", lambda: run.provider)
    event = schedules.event("reconcile_day", "2026-12-07T00:00:00Z")
    assert reconcile_day(event, None) == {"reconciled": 2}
    assert reconcile_day(event, None) == {"reconciled": 0}
