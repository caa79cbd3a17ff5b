"""The liability: every point of every account counts once, by the month in which it lapses."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.finance.rules import liability_chart as chart
from chalicelib.finance.rules.liability import (
    Cost,
    History,
    Liability,
    Standing,
    history_of,
    last_month,
    merged,
)
from chalicelib.ledger import NEVER, Account, DayTotals

pytestmark = pytest.mark.pure

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 21)
# The program's 1st of December 2026 begins, in epoch seconds.
DECEMBER = 1_796_054_400
ACCOUNT = Account(
    "mbr_1:points",
    posted=66,
    held=5,
    pending=7,
    debt=0,
    lots={DECEMBER: 10, DECEMBER - 9: 1, DECEMBER + 1: 20, NEVER: 35},
)


def standing(**other: Any) -> Standing:
    found = Standing(**other)
    found.add(ACCOUNT, ZONE)
    return found


def liability(unit: str = "points", **other: Any) -> Liability:
    given: dict[str, Any] = {
        "outstanding": 100,
        "standing": standing(),
        "history": History("2026-01", "2026-10", 400, 50),
        "cost": Cost(DAY, DAY, 30, 400),
    } | other
    return Liability(DAY, unit, "CNY", **given)


def test_a_lot_counts_in_the_month_of_its_last_spendable_second() -> None:
    assert last_month(DECEMBER, ZONE) == "2026-11"
    assert last_month(DECEMBER + 1, ZONE) == "2026-12"


def test_an_accounts_points_are_counted_by_their_state() -> None:
    found = standing()
    assert found.months == {"2026-11": 11, "2026-12": 20}
    assert (found.never, found.held, found.pending, found.debt, found.accounts) == (35, 5, 7, 0, 1)
    assert (found.lapsing, found.whole) == (31, 31 + 35 + 5 + 7)
    found.add(Account("mbr_2:points", debt=8, held=1, pending=2, lots={NEVER: 3}), ZONE)
    assert (found.never, found.held, found.pending, found.debt, found.accounts) == (38, 6, 9, 8, 2)
    assert found.whole == 31 + 38 + 6 + 9 - 8


def test_parts_of_a_walk_are_merged_by_unit_and_month() -> None:
    other = Standing({"2026-12": 4, "2027-01": 6}, never=1, held=2, pending=3, debt=4, accounts=5)
    whole = merged([{"points": standing()}, {"points": other}], ["points", "growth"])
    assert whole["growth"] == Standing()
    assert whole["points"] == Standing(
        {"2026-11": 11, "2026-12": 24, "2027-01": 6},
        never=36,
        held=7,
        pending=10,
        debt=4,
        accounts=6,
    )


def test_history_gives_the_points_that_lapse_of_each_thousand() -> None:
    days = [
        DayTotals(date(2026, 1, 31), "points", accrued=300, expired=20),
        DayTotals(date(2026, 10, 1), "points", accrued=100, expired=30),
    ]
    assert history_of(days) == History("2026-01", "2026-10", 400, 50)
    assert history_of([]) is None
    assert History("a", "b", 400, 50).per_mille == 125
    assert History("a", "b", 3, 2).per_mille == 666
    assert History("a", "b", 1, 0).per_mille == 0
    assert History("a", "b", 0, 5).per_mille is None


def test_the_cost_of_points_is_rounded_down() -> None:
    assert Cost(DAY, DAY, 30, 400).of(50) == 3
    assert Cost(DAY, DAY, 30, 400).micros == 75_000
    assert Cost(DAY, DAY, 5, 1).of(2) == 10
    assert Cost(DAY, DAY, 5, 0).of(2) is None


def test_points_without_an_expiring_lot_are_counted_apart() -> None:
    assert liability().elsewhere == 100 - 78


def test_breakage_is_expected_only_of_points_that_can_lapse() -> None:
    assert liability().expected_breakage == 31 * 125 // 1000
    assert liability(history=History("a", "b", 1, 9)).expected_breakage == 31
    assert liability(history=None).expected_breakage is None
    assert liability(history=History("a", "b", 0, 9)).expected_breakage is None
    assert [liability().breakage_of(points) for points in (-8, 0, 1, 8)] == [0, 0, 0, 1]
    assert liability(history=None).breakage_of(8) == 0


def test_rebate_cash_costs_its_amount_and_points_their_past_cost() -> None:
    assert liability("rebate_cash").cost_of(50) == 50
    assert liability().cost_of(50) == 3
    assert liability(cost=None).cost_of(50) is None


def test_a_chart_has_a_bar_for_each_month_and_one_for_points_that_never_lapse() -> None:
    assert chart.bars(liability()) == [
        chart.Bar("2026-11", "", 11, 1),
        chart.Bar("2026-12", "", 20, 2),
        chart.Bar("不过期", "never lapse", 35, 0),
        chart.Bar("预扣中", "held", 5, 0),
        chart.Bar("待入账", "pending", 7, 0),
        chart.Bar("其他", "elsewhere", 22, 0),
    ]
    indebted = Standing(debt=3)
    assert chart.bars(liability(standing=indebted, outstanding=-3)) == [
        chart.Bar("其他", "elsewhere", -3, 0)
    ]


def drawn(one: Liability, tag: str, *names: str) -> list[tuple[str, ...]]:
    found = re.findall(rf"<{tag} [^>]*>", chart.svg(one))
    values = [dict(re.findall(r'([a-z-]+)="([^"]*)"', each)) for each in found]
    return [tuple(each.get(name, "") for name in names) for each in values]


TWO = liability(standing=Standing({"2026-11": 40, "2026-12": 100}), outstanding=140)


def test_a_bar_is_as_high_as_its_points_and_expected_breakage_is_pale() -> None:
    assert drawn(TWO, "rect", "x", "y", "width", "height", "fill") == [
        ("", "", "960", "480", "#ffffff"),
        ("278", "284", "56", "124", "#a9c9e8"),
        ("278", "299", "56", "109", "#2f6fab"),
        ("698", "96", "56", "312", "#a9c9e8"),
        ("698", "134", "56", "274", "#2f6fab"),
        ("96", "453", "12", "12", "#2f6fab"),
        ("356", "453", "12", "12", "#a9c9e8"),
    ]


def test_the_axis_has_five_steps_up_to_a_round_number() -> None:
    assert [chart._rounded_up(most) for most in (0, 5, 6, 10, 11, 20, 21, 50, 51, 100, 101)] == [
        5,
        5,
        10,
        10,
        20,
        20,
        50,
        50,
        100,
        100,
        200,
    ]
    lines = re.findall(r'<path d="([^"]*)" stroke="([^"]*)"/>', chart.svg(TWO))
    assert lines == [(f"M96 {y}H936", "#d9e2ec") for y in (408, 346, 284, 221, 159, 96)]


def texts(one: Liability) -> list[tuple[str, ...]]:
    row = r'<text x="(\d+)" y="(\d+)" font-size="(\d+)" text-anchor="(\w+)">([^<]*)</text>'
    return re.findall(row, chart.svg(one))


def test_a_chart_names_its_unit_total_and_history() -> None:
    assert texts(TWO) == [
        (
            "96",
            "36",
            "20",
            "start",
            "待兑付积分（按到期月份） / Outstanding points by month of lapse",
        ),
        (
            "96",
            "62",
            "14",
            "start",
            "2026-11-21 · 合计 / total 140 · "
            "预计过期 / expected to lapse 17 (125‰, 2026-01–2026-10)",
        ),
        *(
            ("88", str(y), "12", "end", str(number))
            for y, number in ((412, 0), (350, 20), (288, 40), (225, 60), (163, 80), (100, 100))
        ),
        ("306", "278", "12", "middle", "40"),
        ("306", "428", "12", "middle", "2026-11"),
        ("306", "444", "12", "middle", ""),
        ("726", "90", "12", "middle", "100"),
        ("726", "428", "12", "middle", "2026-12"),
        ("726", "444", "12", "middle", ""),
        ("114", "464", "12", "start", "预计兑付 / expected to be spent"),
        ("374", "464", "12", "start", "预计过期 / expected to lapse"),
    ]


def test_a_chart_without_history_or_of_money_has_its_own_note() -> None:
    young = liability(history=None, outstanding=1_234_567)
    assert texts(young)[1][4] == (
        "2026-11-21 · 合计 / total 1,234,567 · 尚无过期历史 / no history of lapses yet"
    )
    money = texts(liability("rebate_cash", outstanding=123_456))
    assert money[0][4] == (
        "待兑付返利（CNY）（按到期月份） / Outstanding rebate cash (CNY) by month of lapse"
    )
    assert "total 1,234.56" in money[1][4]


def test_many_bars_are_narrow_with_small_labels() -> None:
    months = {f"{2026 + number // 12}-{number % 12 + 1:02}": 5 for number in range(24)}
    many = liability(standing=Standing(months), outstanding=120, history=None)
    assert {each[2] for each in drawn(many, "rect", "x", "y", "width")[1:-2]} == {"23"}
    assert {size for _, _, size, anchor, _ in texts(many) if anchor == "middle"} == {"9"}


def test_a_chart_needs_no_other_file() -> None:
    text = chart.svg(TWO)
    assert text.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 480" width="960" height="480" '
        'role="img" font-family="sans-serif" fill="#1f2933">\n<title>待兑付积分'
    )
    assert text.endswith("\n</svg>\n")
    assert chart.svg(liability(standing=Standing(), outstanding=0)).count("<rect") == 3
