"""Statements of a month: the lines add up, and each opens where the last one closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from tests.api import Answer, token
from tests.conftest import Time
from tests.ledger.books import give, spend
from tests.world import World

# The program is at UTC+8: its December begins at 16:00 of the last day of November.
LAST_OF_OCTOBER = datetime(2030, 10, 31, 15, 59, 59, 999_000, tzinfo=UTC)
FIRST_OF_NOVEMBER = datetime(2030, 10, 31, 16, tzinfo=UTC)
LAST_OF_NOVEMBER = datetime(2030, 11, 30, 15, 59, 59, 999_000, tzinfo=UTC)
FIRST_OF_DECEMBER = datetime(2030, 11, 30, 16, tzinfo=UTC)
LAPSE = int(datetime(2031, 1, 31, tzinfo=UTC).timestamp())


@pytest.fixture
def member(time: Time) -> str:
    time.advance(seconds=(FIRST_OF_DECEMBER - clock.now()).total_seconds() + 3600)
    return ids.new_id("mbr")


def ask(world: World, member_id: str, month: str, unit: str | None = None) -> Answer:
    query = f"?unit={unit}" if unit else ""
    path = f"/v1/me/points/statements/{month}{query}"
    return world.api.get(path, as_=token(member_id))


def statement(world: World, member_id: str, month: str) -> Any:
    answer = ask(world, member_id, month)
    assert answer.status == 200, answer.body
    made = answer.body
    assert made["opening"] + sum(line["points"] for line in made["lines"]) == made["closing"]
    return made


def test_months_are_the_programs_to_the_millisecond_without_gaps(world: World, member: str) -> None:
    account_id = ledger.points_account(member)
    give(account_id, 100, "a", expires_at=LAPSE, now=LAST_OF_OCTOBER)
    give(account_id, 20, "b", expires_at=LAPSE, now=FIRST_OF_NOVEMBER)
    give(account_id, 3, "c", expires_at=LAPSE, now=FIRST_OF_NOVEMBER)
    spend(account_id, 50, "d", now=LAST_OF_NOVEMBER)
    spend(account_id, 1, "e", now=FIRST_OF_DECEMBER)
    october, november, december = (
        statement(world, member, f"2030-{number}") for number in (10, 11, 12)
    )
    assert november == {
        "month": "2030-11",
        "unit": "points",
        "from": "2030-10-31T16:00:00Z",
        "to": "2030-11-30T16:00:00Z",
        "is_complete": True,
        "opening": 100,
        "closing": 73,
        "lines": [
            {"type": "accrual", "entries": 2, "points": 23},
            {"type": "redemption", "entries": 1, "points": -50},
        ],
    }
    assert (october["opening"], october["closing"]) == (0, 100)
    assert (december["opening"], december["closing"]) == (73, 72)
    assert [each["is_complete"] for each in (october, december)] == [True, False]
    assert december["to"] == "2030-12-31T16:00:00Z"


def test_an_expiry_is_in_the_month_of_its_recording(world: World, member: str) -> None:
    account_id = ledger.points_account(member)
    at_midnight = int(FIRST_OF_DECEMBER.timestamp())
    give(account_id, 100, "a", expires_at=at_midnight, now=FIRST_OF_NOVEMBER)
    assert statement(world, member, "2030-12")["opening"] == 100
    ledger.expire(account_id, clock.now())
    december = statement(world, member, "2030-12")
    assert december["lines"] == [{"type": "expiry", "entries": 1, "points": -100}]
    assert statement(world, member, "2030-11")["closing"] == december["opening"] == 100
    assert december["closing"] == 0


def test_a_month_without_entries_has_no_lines(world: World, member: str) -> None:
    assert statement(world, member, "2029-02")["lines"] == []
    give(ledger.account_of(member, "growth"), 5, "a", expires_at=LAPSE, now=FIRST_OF_NOVEMBER)
    assert statement(world, member, "2030-11")["closing"] == 0
    growth = ask(world, member, "2030-11", "growth").body
    assert (growth["unit"], growth["closing"]) == ("growth", 5)


def test_a_month_that_has_not_begun_is_not_found(world: World, member: str) -> None:
    assert ask(world, member, "2031-01").status == 404


@pytest.mark.parametrize("month", ["2030-13", "2030-00", "2030-1", "203011", "now", "0001-01"])
def test_an_invalid_month_is_refused(world: World, member: str, month: str) -> None:
    answer = ask(world, member, month)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "month")


def test_an_unknown_unit_is_refused(world: World, member: str) -> None:
    assert ask(world, member, "2030-11", "gold").status == 400
