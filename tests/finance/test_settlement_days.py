"""The days with a settlement: none before the first movement, every day after it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.finance.actions import settlements as settling
from chalicelib.finance.queries import settlements
from chalicelib.kernel import clock
from tests.api import Answer, Api, token
from tests.finance.books import Mall, at


def get(path: str) -> Answer:
    return Api().get(f"/v1/admin/{path}", as_=token("mbr_finance", "finance"))


def test_only_days_from_the_first_movement_on_have_a_settlement(
    mall: Mall,
) -> None:
    assert mall.settle(at(5, 0, 30)) == 0
    assert mall.objects() == []
    assert settlements.next_unsettled() == date(2026, 11, 5)
    mall.account(10, at(6))
    assert mall.settle(at(9, 0, 30)) == 3
    listed = [each["id"] for each in get("settlements").body["data"]]
    assert listed == ["2026-11-08-CNY", "2026-11-07-CNY", "2026-11-06-CNY"]
    assert get("settlements/2026-11-05-CNY").body["code"] == "not_found"
    assert mall.figures(6)["ledger:points", "opening"] == 0
    assert mall.figures(8)["ledger:points", "opening"] == 10


@pytest.mark.parametrize("currency", ["CNY", "USD"])
def test_money_of_any_currency_begins_the_settlements(mall: Mall, currency: str) -> None:
    mall.charge("ch_1", mall.order(0, 500, currency=currency), 500, 5, at(3), currency=currency)
    assert mall.settle(at(4, 0, 30)) == 1
    assert {key.split("/")[1] for key in mall.objects()} == {"2026-11-03"}


def test_a_quiet_day_is_read_once(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []
    is_empty = settling._is_empty

    def counted(day: date) -> bool:
        asked.append(day)
        return is_empty(day)

    monkeypatch.setattr(settling, "_is_empty", counted)
    mall.settle(at(3, 0, 30))
    mall.settle(at(3, 1, 0))
    mall.settle(at(4, 0, 30))
    assert asked == [date(2026, 11, day) for day in (1, 2, 3)]


def test_a_late_run_does_not_move_the_first_day_back(mall: Mall) -> None:
    settling._begin(date(2026, 11, 9))
    settling._begin(date(2026, 11, 4))
    assert settlements.beginning() == date(2026, 11, 9)


def test_no_day_after_the_requested_one_is_settled(mall: Mall) -> None:
    mall.account(10, at(3))
    now = at(6, 0, 30)
    mall.set_clock(now)
    assert settling.settle_next(now, until=date(2026, 11, 2)) is None
    assert mall.objects() == []
    assert settling.settle_next(now, until=date(2026, 11, 4)) == date(2026, 11, 3)
    assert settling.settle_next(now, until=date(2026, 11, 3)) is None


def test_a_program_settled_from_its_first_day_continues(mall: Mall) -> None:
    mall.account(10, at(1))
    mall.settle(at(2, 0, 30))
    assert mall.settle(at(4, 0, 30)) == 2
    assert settlements.beginning() == settlements.FIRST_DAY
    day = clock.program_day(at(3))
    assert settlements.next_unsettled() == day + timedelta(days=1)
