"""Each figure of the summary is the sum of its lines, and names them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.finance.rules import figures, lines, sheets
from chalicelib.finance.rules.figures import Figure, Source, SummaryFigure
from chalicelib.finance.rules.sheets import ORDERS, PAYMENTS, POINTS, Sums
from chalicelib.ledger import DayTotals
from chalicelib.payments.rules import journal
from tests.finance.rules.making import DAY, ZONE, cash, entry

pytestmark = pytest.mark.pure


def sums(*rows: tuple[str, int]) -> Sums:
    made = Sums(ORDERS)
    for movement, points in rows:
        made.add(("", "", movement, "", points, "CNY", -points, "", 0, "", 0, 0))
    return made


def test_lines_are_summed_by_group_and_by_side() -> None:
    made = sums(("redemption", 5), ("redemption", 7), ("reversal", -3), ("capture", 0))
    assert (made.rows, made.count(), made.count([("redemption",), ("none",)])) == (4, 4, 2)
    assert (made.total("points"), made.total("cash")) == (9, -9)
    assert made.total("points", [("redemption",)]) == 12
    assert made.total("points", [("none",)]) == 0
    assert (made.above["points"], made.below["points"]) == ((12, 2), (-3, 1))
    assert (made.above["cost"], made.below["cost"]) == ((0, 0), (0, 0))
    with pytest.raises(AssertionError, match=r"^sums are of integers$"):
        sums(("redemption", True))


TALLIES = {sheet.name: Sums(sheet) for sheet in sheets.SHEETS}


def tallies(**other: Sums) -> dict[str, Sums]:
    return TALLIES | other


def told(
    units: Any = None, openings: Any = None, **other: Sums
) -> dict[tuple[str, str], SummaryFigure]:
    every = figures.figures("CNY", tallies(**other), openings or {}, units or {})
    return {(each.figure.section, each.figure.name): each for each in every}


def value(found: SummaryFigure) -> tuple[str, int, int, str]:
    return found.figure.unit, found.figure.value, found.figure.lines, found.kind


def test_the_orders_of_a_day_are_summed_by_points_cash_and_cost() -> None:
    orders = Sums(ORDERS)
    orders.add(("", "", "redemption", "", 800, "CNY", 0, "", 2_050, "", 1_800, 800))
    orders.add(("", "", "capture", "", 100, "CNY", 0, "", 0, "", 0, 0))
    orders.add(("", "", "reversal", "", -400, "CNY", 0, "", -1_000, "", -900, -400))
    orders.add(("", "", "charge", "", 0, "CNY", 1_000, "", 0, "", 0, 0))
    orders.add(("", "", "refund", "", 0, "CNY", -300, "", 0, "", 0, 0))
    every = told(orders=orders).items()
    found = {name: value(each) for (section, name), each in every if section == "orders"}
    assert found == {
        "points_spent": ("points", 900, 2, "number"),
        "points_back": ("points", 400, 1, "number"),
        "cash_paid": ("CNY", 1_000, 1, "money"),
        "cash_back": ("CNY", 300, 1, "money"),
        "cost_of_goods": ("CNY", 1_050, 5, "money"),
        "cost_borne_by_points": ("CNY", 900, 5, "money"),
        "points_with_known_cost": ("points", 400, 5, "number"),
        "cost_per_point_in_millionths": ("CNY", 2_250_000, 0, "micro_money"),
    }
    assert value(told()["orders", "cost_per_point_in_millionths"])[1] == 0


def test_each_movement_of_cash_has_a_figure_of_its_name() -> None:
    names = {
        ("payments", "charges"): ("payments", "charge"),
        ("payments", "collected_on_delivery"): ("payments", "cod_collected"),
        ("payments", "uncollected_on_delivery"): ("payments", "cod_uncollected"),
        ("refunds", "refunds"): ("refunds", "refund"),
        ("refunds", "refunds_failed"): ("refunds", "refund_failed"),
        ("disputes", "disputes"): ("disputes", "dispute"),
        ("disputes", "disputes_won"): ("disputes", "dispute_won"),
        ("payouts", "payouts"): ("payouts", "payout"),
        ("payouts", "remitted_by_carriers"): ("payouts", "cod_remitted"),
        ("withdrawals", "withdrawals"): ("payouts", "withdrawal"),
    }
    for figure, (sheet, kind) in names.items():
        made = Sums(next(each for each in sheets.SHEETS if each.name == sheet))
        made.add(lines.cash_row(cash(kind), ZONE))
        found = told(**{sheet: made})
        assert value(found[figure]) == ("CNY", 1_000, 1, "money")
        others = [value(found[other])[1] for other in names if other != figure]
        assert others == [0] * 9


def test_an_account_closes_with_its_opening_and_its_movements() -> None:
    payments = Sums(PAYMENTS)
    payments.add(lines.cash_row(cash(), ZONE))
    payments.add(lines.cash_row(cash(journal.COD_UNCOLLECTED, -200, 0), ZONE))
    found = told(openings={journal.PROVIDER: 5}, payments=payments)
    provider = {
        name: value(each)[1] for (where, name), each in found.items() if where == journal.PROVIDER
    }
    assert provider == {"opening": 5, "debit": 970, "credit": 200, "closing": 775}
    assert value(found[journal.SALES, "closing"]) == ("CNY", -800, 0, "money")
    assert value(found[journal.BANK, "opening"]) == ("CNY", 0, 0, "money")
    words = figures.explanation(found[journal.PROVIDER, "closing"])
    assert words == "opening + debit - credit"
    assert figures.explanation(found[journal.PROVIDER, "credit"]) == (
        "minus payments and refunds and disputes and payouts assets:provider below 0"
    )


def test_a_unit_of_points_closes_with_its_outstanding_points() -> None:
    points = Sums(POINTS)
    points.add(lines.points_row(entry(), ZONE))
    points.add(lines.points_row(entry("issued", 900, type="accrual"), ZONE))
    totals = DayTotals(
        DAY, "points", opening=50, escrow_before=9, accrued=900, redeemed=800, transferred=-2
    )
    found = told({"points": totals}, points=points)
    unit = {name: value(each) for (where, name), each in found.items() if where == "ledger:points"}
    assert {name: number for name, (_, number, _, _) in unit.items()} == {
        "opening": 50,
        "accrued": 900,
        "redeemed": 800,
        "expired": 0,
        "transferred": 0,
        "adjusted": 0,
        "written_off": 0,
        "closing": 148,
        "in_escrow": 11,
    }
    assert {(unit, kind) for unit, _, _, kind in unit.values()} == {("points", "number")}
    assert figures.explanation(found["ledger:points", "closing"]) == (
        "opening + accrued - redeemed - expired + transferred + adjusted + written_off"
    )
    assert figures.explanation(found["ledger:points", "expired"]) == (
        "minus points change of points expired"
    )


def test_a_figure_is_written_like_an_amount_on_paper() -> None:
    money = SummaryFigure(
        Figure("a", "b", "CNY", 1_990, 3), "money", (Source(ORDERS, "cash", side=1),)
    )
    assert figures.summary_row(money) == ("a", "b", "CNY", 1_990, "19.90", 3, "orders cash above 0")
    micro = money._replace(kind="micro_money", sources=())
    assert figures.summary_row(micro)[4:] == ("0.00001990", 3, "")
    number = money._replace(
        kind="number", sources=(Source(ORDERS, "points", (("a", "b"), ("c",))),)
    )
    assert figures.summary_row(number)[4:] == ("1990", 3, "orders points of a b or c")
    several = (Source(ORDERS, "cash"), Source(ORDERS, "cost"))
    assert figures.explanation(money._replace(sources=several)) == "orders cash; orders cost"


def test_one_side_of_a_column_sums_all_its_lines() -> None:
    source = Source(ORDERS, "cash", (("charge",),), side=1)
    with pytest.raises(AssertionError, match=r"^one side of a column is that of all lines$"):
        figures._sum(source, Sums(ORDERS))
