"""The liability ties to the ledger's totals by month, and keeps its assumptions."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from chalicelib import ledger
from chalicelib.finance.actions import liability as taking
from chalicelib.finance.actions.liability import record_liability
from chalicelib.finance.events import settlements
from chalicelib.finance.queries.liability import find_liability
from chalicelib.finance.routes.liability_views import liability_csv
from chalicelib.finance.rules import liability_chart
from chalicelib.finance.rules.liability import Cost, History, Liability, Standing, last_month
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger.rules import lots
from infra.local import schedules
from tests.api import Answer, Api, token
from tests.day_ends import DayEnd
from tests.finance.books import ZONE, Mall, at
from tests.ledger.books import cause, give

NOT_YET, ALWAYS = (lambda: False), (lambda: True)


def lapse(year: int, month: int) -> int:
    """The midnight that ends the month before."""
    return int(datetime(year, month, 1, tzinfo=ZONE).timestamp())


def get(path: str, role: str = "finance") -> Answer:
    return Api().get(f"/v1/admin/liability{path}", as_=token("mbr_finance", role))


def body(path: str = "") -> Any:
    answer = get(path)
    assert answer.status == 200, answer.body
    return answer.body


def play() -> None:
    """Points in all states by the end of the first; the second day moves some of them."""
    one, two, three = (ledger.points_account(ids.new_id("mbr")) for _ in range(3))
    give(one, 1_000, "a", expires_at=lapse(2027, 12), now=at(1))
    give(one, 500, "b", expires_at=lapse(2027, 1), now=at(1))
    give(two, 300, "c", expires_at=lapse(2027, 12), now=at(1))
    give(two, 70, "d", expires_at=lapse(2027, 12), unlocks_at=lapse(2026, 12), now=at(1))
    give(three, 40, "e", expires_at=lapse(2027, 12), now=at(1))
    give(
        ledger.account_of(ids.new_id("mbr"), "rebate_cash"),
        900,
        "f",
        expires_at=lots.NEVER,
        now=at(1),
    )
    hold(two, 100, at(1, 20))
    hold(three, 40, at(1, 21))
    # After the end of the day, before anybody looks.
    hold(two, 150, at(2, 0, 10))
    give(one, 5_000, "late", expires_at=lapse(2027, 6), now=at(2, 0, 20))


def hold(account_id: str, points: int, now: datetime) -> None:
    writes = WriteSet()
    seen = ledger.find_account(account_id)
    hold_id = ids.new_id("ord")
    ledger.hold_for_owner(writes, seen, hold_id, points, cause(hold_id), now)
    writes.commit()


def run(mall: Mall, now: datetime) -> None:
    mall.set_clock(now)
    settlements.settle_day(schedules.event("settle_day", "2026-11-21T08:00:00Z"), None)


def test_the_liability_of_a_day_ties_to_the_ledger_at_its_end(
    mall: Mall,
) -> None:
    play()
    run(mall, at(2, 0, 30))
    found = body()
    assert (found["day"], found["outstanding"]) == ("2026-11-01", 1_910)
    assert found["months"] == [
        {"month": "2026-12", "points": 500, "expected_breakage": 0},
        {"month": "2027-11", "points": 1_200, "expected_breakage": 0},
    ]
    assert (found["held"], found["pending"], found["debt"]) == (100, 70, 0)
    # All that the third account has is held: it has no lot by which it could be found.
    assert found["elsewhere"] == 40
    assert (found["history"], found["expected_breakage"]) == (None, None)
    rebate = body("?unit=rebate_cash&day=2026-11-01")
    assert (rebate["outstanding"], rebate["elsewhere"]) == (900, 900)
    assert mall.figures(1)["ledger:points", "closing"] == found["outstanding"]


def test_breakage_comes_from_whole_months_and_cost_from_purchases(mall: Mall) -> None:
    mall.opens_on(26)
    account = mall.account(10_000, at(26), "all")
    member = ledger.points_account(ids.new_id("mbr"))
    give(member, 2_500, "soon", expires_at=int(at(28).timestamp()), now=at(27))
    ledger.expire(member, at(28, 13))
    order_id = mall.order(800, 1_980, 4_100)
    mall.redeem(account, order_id, at(30))
    run(mall, at(31, 0, 30))
    found = body()
    assert found["history"] == {
        "first": "2026-11",
        "last": "2026-11",
        "accrued": 12_500,
        "expired": 2_500,
        "per_mille": 200,
    }
    assert found["outstanding"] == 9_200
    assert found["expected_breakage"] == 1_840
    assert found["cost"]["per_point_in_millionths"] == 2_650_000
    assert found["outstanding_at_cost"] == {"amount": 9_200 * 265 // 100, "currency": "CNY"}
    assert found["after_breakage_at_cost"]["amount"] == (9_200 - 1_840) * 265 // 100


def test_rebate_cash_is_owed_as_money_and_growth_is_not_owed(mall: Mall) -> None:
    play()
    run(mall, at(2, 0, 30))
    rebate = body("?unit=rebate_cash")
    assert (rebate["cost"], rebate["outstanding"]) == (None, 900)
    owed = {"amount": 900, "currency": "CNY"}
    assert rebate["outstanding_at_cost"] == rebate["after_breakage_at_cost"] == owed
    assert body("?unit=growth")["outstanding_at_cost"] is None
    lines = csv.DictReader(io.StringIO(get(".csv").body.lstrip("\ufeff"), newline=""))
    [total] = [row for row in lines if (row["unit"], row["kind"]) == ("rebate_cash", "total")]
    assert (total["points"], total["currency"], total["cost_text"]) == ("900", "CNY", "9.00")


def test_an_interrupted_walk_continues_and_a_second_run_changes_nothing(
    mall: Mall, monkeypatch: pytest.MonkeyPatch
) -> None:
    play()
    mall.settle(at(2, 0, 30))
    now, walked = at(2, 0, 31), taking._walk
    assert not record_liability(now, ALWAYS)
    turns = iter([False, False, True])
    assert not record_liability(now, lambda: next(turns))
    seen: list[str] = []

    def counted(day: date, shard: str) -> Any:
        seen.append(shard)
        return walked(day, shard)

    monkeypatch.setattr(taking, "_walk", counted)
    assert record_liability(now, NOT_YET)
    assert len(seen) == 6
    before = find_liability(date(2026, 11, 1))
    assert record_liability(at(2, 0, 59), NOT_YET)
    assert len(seen) == 6
    assert find_liability(date(2026, 11, 1)) == before


def test_the_run_that_settles_a_day_takes_its_liability_even_across_midnight(
    mall: Mall, monkeypatch: pytest.MonkeyPatch
) -> None:
    play()
    monkeypatch.setattr(clock, "source", DayEnd(at(3, 0), looks=2).now)
    settlements.settle_day(schedules.event("settle_day", "2026-11-02T15:59:50Z"), None)
    assert clock.now() >= at(3, 0)
    found = find_liability(date(2026, 11, 1))
    assert found is not None
    assert found["points"].outstanding == 1_910


def test_an_unsettled_day_or_one_long_over_has_no_liability(mall: Mall) -> None:
    mall.set_clock(at(2, 0, 31))
    assert not record_liability(at(2, 0, 31), NOT_YET)
    assert (get("").status, get("").body["code"]) == (409, "day_not_settled")
    run(mall, at(4, 0, 30))
    assert body()["day"] == "2026-11-03"
    assert get("?day=2026-11-02").status == 404
    assert get("?day=2026-11-04").body["code"] == "day_not_over"
    assert get("?unit=gold").status == 400
    for form in ("", ".csv", ".svg"):
        for edge in ("9999-12-31", "0001-01-01"):
            answer = get(f"{form}?day={edge}")
            assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_the_csv_of_the_liability_adds_up_to_its_totals(mall: Mall) -> None:
    play()
    run(mall, at(2, 0, 30))
    answer = get(".csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "jifen-2026-11-01-liability.csv" in answer.headers["Content-Disposition"]
    text = answer.body
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    for unit in ledger.UNITS:
        lines = [row for row in rows if row["unit"] == unit]
        assert lines[-1]["kind"] == "total"
        assert sum(int(row["points"]) for row in lines[:-1]) == int(lines[-1]["points"])


def test_the_chart_is_an_svg_with_a_bar_for_each_month(mall: Mall) -> None:
    play()
    run(mall, at(2, 0, 30))
    answer = get(".svg")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    drawn = ElementTree.fromstring(answer.body)
    words = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    for wanted in ("2026-12", "2027-11", "1,200", "500", "预扣中", "held"):
        assert wanted in words
    assert any("1,910" in (word or "") for word in words)


def test_the_chart_of_rebate_cash_is_in_whole_units_of_its_currency(mall: Mall) -> None:
    play()
    run(mall, at(2, 0, 30))
    drawn = ElementTree.fromstring(get(".svg?unit=rebate_cash").body)
    words = [each.text or "" for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "9.00" in words
    assert any("返利（CNY）" in word for word in words)
    assert not [word for word in words if "900" in word]


def made(months: dict[str, int], **other: Any) -> Liability:
    standing = Standing(months=months)
    history = History("2026-11", "2027-10", 1_000_000, 123_456)
    return Liability(
        date(2027, 11, 30),
        "points",
        "CNY",
        sum(months.values()),
        standing,
        **{
            "history": history,
            "cost": Cost(date(2027, 9, 1), date(2027, 11, 30), 100, 300),
            **other,
        },
    )


def test_a_chart_of_many_months_stays_within_its_frame() -> None:
    months = {f"20{27 + n // 12}-{n % 12 + 1:02d}": 10**n % 99_999_999 for n in range(36)}
    for liability in (made(months), made({}), made({"2027-12": 3})):
        drawn = ElementTree.fromstring(liability_chart.svg(liability))
        boxes = list(drawn.iter("{http://www.w3.org/2000/svg}rect"))[1:]
        for box in boxes:
            x, y = int(box.get("x", 0)), int(box.get("y", 0))
            assert 0 <= x <= x + int(box.get("width", 0)) <= 960
            assert 0 <= y <= y + int(box.get("height", 0)) <= 480
    assert len(liability_chart.bars(made(months))) == 36


def test_expected_breakage_is_rounded_down_and_at_most_the_points() -> None:
    liability = made({"2027-12": 999})
    assert liability.history is not None
    assert liability.history.per_mille == 123
    assert liability.expected_breakage == 999 * 123 // 1000
    assert liability.cost_of(999) == 333
    more = made({"2027-12": 10}, history=History("2026-11", "2026-12", 10, 30))
    assert more.expected_breakage == 10
    assert made({}, history=History("2026-11", "2026-12", 0, 3)).expected_breakage is None


def test_points_of_lines_add_up_and_rounding_loses_less_than_one_a_line() -> None:
    spent = Cost(date(2026, 11, 1), date(2026, 11, 21), 265, 100)
    standing = Standing(months={"2026-12": 3, "2027-01": 5, "2027-02": 1}, debt=1)
    owing = Liability(date(2026, 11, 30), "points", "CNY", 8, standing, None, spent)
    rows = list(csv.DictReader(io.StringIO(liability_csv([owing]).lstrip("\ufeff"), newline="")))
    *lines, total = rows
    assert sum(int(row["points"]) for row in lines) == int(total["points"]) == 8
    # 7.95, 13.25, 2.65 and -2.65 against 21.20
    assert [int(row["cost"]) for row in lines if row["cost"] != "0"] == [7, 13, 2, -3]
    assert int(total["cost"]) == 21
    assert 0 <= 21 - sum(int(row["cost"]) for row in lines) < len(lines)


def test_a_lot_belongs_to_the_month_of_its_last_spendable_second() -> None:
    assert last_month(lapse(2027, 12), ZONE) == "2027-11"
    assert last_month(lapse(2027, 12) + 1, ZONE) == "2027-12"
