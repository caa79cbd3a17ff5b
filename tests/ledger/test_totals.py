"""Totals by day: outstanding equals the sum of all accounts."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock, ids, secrets
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Cause, events
from chalicelib.ledger.actions import movements, totals
from chalicelib.ledger.queries import days
from chalicelib.ledger.tables import AccountItem, TotalsItem
from tests.api import Answer, Api, token
from tests.conftest import SECRETS
from tests.ledger.books import cause, give, new_account, spend
from tests.second_engine import SecondEngine

# Noon of the program's 6th of November; its days begin at 16:00 UTC.
NOON = datetime(2026, 11, 6, 4, tzinfo=UTC)
NEVER, ALWAYS = (lambda: False), (lambda: True)


@pytest.fixture(scope="module")
def _played(own_ledger: SecondEngine) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "_secret", SECRETS.__getitem__)
        patch.setattr(clock, "source", lambda: NOON)
        own_ledger.lead_here(patch)
        play()


@pytest.fixture(autouse=True)
def _noon_and_no_day_is_closed(
    _played: None, alone: SecondEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "source", lambda: NOON)
    reopen()


def reopen() -> None:
    """Forget the totals, as if no day had been closed."""
    for unit in ledger.UNITS:
        for item in TotalsItem.query(f"TOTALS#{unit}"):
            item.delete()


def ask(first: str, last: str, unit: str | None = None, role: str = "finance") -> Answer:
    query = f"from={first}&to={last}" + (f"&unit={unit}" if unit else "")
    return Api().get(f"/v1/admin/ledger/totals?{query}", as_=token("mbr_staff", role))


def rows(first: str, last: str, unit: str | None = None) -> list[dict[str, Any]]:
    answer = ask(first, last, unit)
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.body["data"]
    return found


def play() -> None:
    """Some days with movements of every type."""
    for number in range(3):
        day = NOON - timedelta(days=4 - number)
        midnight = datetime(2026, 11, 2 + number, 16, tzinfo=UTC)
        soon = int((day + timedelta(days=2)).timestamp())
        account_id, debt = new_account(), new_account()
        give(account_id, 1_000, "a", expires_at=soon, now=day)
        ledger.place_hold(account_id, f"s:{account_id}", 50, soon, cause(""), day)
        transfer(account_id, ids.new_id("trf"), day)
        accrual = give(debt, 40, "c", expires_at=soon, now=day)
        spend(debt, 30, "cup", now=day)
        give(ledger.account_of(ids.new_id("mbr"), "growth"), 7, "r", expires_at=soon, now=day)
        spend(account_id, 200, "cup", now=midnight - timedelta(milliseconds=1))
        give(account_id, 300, "b", expires_at=soon, unlocks_at=soon, now=midnight)
        writes = WriteSet()
        movements.claw_back(writes, ledger.find_account(debt), accrual, 40, cause("back"), midnight)
        seen = ledger.find_account(account_id)
        movements.adjust(writes, seen, -5, soon, cause("adjustment:1"), midnight)
        writes.commit()
        ledger.expire(account_id, day + timedelta(days=2))


def transfer(account_id: str, transfer_id: str, now: datetime) -> None:
    why = Cause(ledger.transfer_reference(transfer_id), "test", 0)
    ledger.transfer(account_id, new_account(), 11, why, now)
    why = Cause(ledger.transfer_reference(f"{transfer_id}e"), "test", 0)
    ledger.transfer_to_escrow(account_id, transfer_id, b"sealed", 13, why, now)


def in_accounts() -> Counter[str]:
    """The points of all members by unit, summed over every account of the table."""
    sums: Counter[str] = Counter()
    for item in AccountItem.scan(AccountItem.sk == "ACCOUNT", consistent_read=True):
        account = item.value()
        sums[account.unit] += account.posted + account.held + account.pending - account.debt
    return sums


def close() -> None:
    while totals.close_days(clock.now(), NEVER):
        pass


def test_open_days_are_summed_on_request() -> None:
    found = rows("2026-11-01", "2026-11-06")
    assert [row["day"] for row in found] == [f"2026-11-0{number}" for number in range(1, 7)]
    before = {"opening": 0, "outstanding": 0, "in_escrow": 0, "entries": 0}
    assert before.items() <= found[0].items()
    second = {
        "accrued": 1_040,
        "redeemed": 230,
        "transferred": -13,
        "adjusted": 0,
        "expired": 0,
        "opening": 0,
        "outstanding": 797,
        "in_escrow": 13,
    }
    assert second.items() <= found[1].items()
    for row, after in pairwise(found):
        assert after["opening"] == row["outstanding"]


def test_the_last_outstanding_total_is_the_sum_of_all_accounts() -> None:
    wanted = in_accounts()
    for unit in ledger.UNITS:
        found = rows("2026-11-01", "2026-11-06", unit)
        assert found[-1]["outstanding"] == wanted[unit]
        for row in found:
            came = row["accrued"] - row["redeemed"] - row["expired"] + row["transferred"]
            came += row["adjusted"] + row["written_off"]
            assert row["outstanding"] == row["opening"] + came
    points = rows("2026-11-01", "2026-11-06")
    assert points[-1]["in_escrow"] == 3 * 13
    assert sum(row["expired"] for row in points) > 0
    assert rows("2026-11-01", "2026-11-06", "growth")[-1]["outstanding"] == 21


def test_a_day_is_closed_once_ten_minutes_after_its_end_with_the_same_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {unit: rows("2026-11-01", "2026-11-06", unit) for unit in ledger.UNITS}
    midnight = datetime(2026, 11, 5, 16, tzinfo=UTC)
    assert totals.close_days(midnight + timedelta(minutes=10, milliseconds=-1), NEVER) == 4
    monkeypatch.setattr(clock, "source", lambda: midnight + timedelta(minutes=10))
    assert events.close_days(_scheduled(), None) == {"closed": 1}
    assert events.close_days(_scheduled(), None) == {"closed": 0}
    assert days.last_closed()["points"].day == date(2026, 11, 5)
    after = {unit: rows("2026-11-01", "2026-11-06", unit) for unit in ledger.UNITS}
    assert after == before
    reopen()
    close()
    assert {unit: rows("2026-11-01", "2026-11-06", unit) for unit in ledger.UNITS} == before


def _scheduled() -> dict[str, Any]:
    from infra.local import schedules

    return schedules.event("close_days", "2026-11-06T00:00:00Z")


def test_concurrent_runs_close_each_day_once_and_continue_an_interrupted_one() -> None:
    before = rows("2026-11-01", "2026-11-06")
    assert totals.close_days(NOON, ALWAYS) == 1
    with ThreadPoolExecutor(3) as threads:
        closed = list(threads.map(lambda _: totals.close_days(NOON, NEVER), range(3)))
    assert sum(closed) == 4
    assert rows("2026-11-01", "2026-11-06") == before


def test_a_span_with_too_many_open_entries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "MOST_OPEN_ENTRIES", 10)
    refused = ask("2026-11-01", "2026-11-06")
    assert (refused.status, refused.body["code"]) == (409, "totals_not_closed")
    assert refused.body["closed_until"] == "2026-10-31"
    close()
    assert ask("2026-11-01", "2026-11-05").status == 200
    monkeypatch.setattr(clock, "source", lambda: NOON + timedelta(days=40))
    assert ask("2026-12-16", "2026-12-16").status == 409
    assert ask("2026-11-01", "2026-11-05").status == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-11-01&to=2026-11-07", "to"),
        ("from=2026-11-02&to=2026-11-01", "from"),
        ("from=2025-11-01&to=2026-11-05", "from"),
        ("from=yesterday&to=2026-11-05", "from"),
        ("from=2026-11-01", "to"),
        ("from=2026-11-01&to=2026-11-05&unit=gold", "unit"),
    ],
)
def test_invalid_spans_are_refused(query: str, field: str) -> None:
    answer = Api().get(f"/v1/admin/ledger/totals?{query}", as_=token("mbr_staff", "ops"))
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)


def test_days_before_the_first_release_are_empty() -> None:
    assert rows("2026-10-01", "2026-10-31") == []
    assert len(rows("2026-10-01", "2026-11-02")) == 2
