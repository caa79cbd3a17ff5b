"""A formula of the summary computes its figure from the lines that the workbook holds."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.finance.rules import sheets
from chalicelib.finance.rules.figures import Figure, Source, SummaryFigure
from chalicelib.finance.rules.formulas import GOES_OUT, Ranges, formula, shown_value
from chalicelib.finance.rules.printed import PRINTED, TEXT, Printed
from chalicelib.payments.rules import journal

pytestmark = pytest.mark.pure

BY_NAME = {printed.name: printed for printed in PRINTED}


def at(name: str, rows: int = 5) -> Ranges:
    return Ranges(BY_NAME[name], name.title(), rows)


PLACES = {name: at(name) for name in BY_NAME}


def told(name: str, *sources: Source) -> SummaryFigure:
    return SummaryFigure(Figure("section", name, "CNY", 7), "money", sources)


def written(name: str, *sources: Source, places: Any = None, language: str = "en") -> str | None:
    return formula(told(name, *sources), PLACES if places is None else places, language)


def test_money_and_points_that_go_out_are_below_0_in_the_workbook() -> None:
    assert {shown_value(told(name)) for name in GOES_OUT} == {-7}
    assert (shown_value(told("charges")), shown_value(told("debit"))) == (7, 7)


def test_the_cells_of_a_column_are_its_lines_below_the_head() -> None:
    payments = at("payments", rows=9)
    assert payments.cells("recorded_at") == "'Payments'!$A$2:$A$10"
    assert payments.cells("amount") == "'Payments'!$E$2:$E$10"
    assert payments.has("amount")
    assert not payments.has("fee")


def test_a_figure_of_a_type_sums_the_lines_with_its_word() -> None:
    charges = Source(sheets.PAYMENTS, "amount", ((journal.CHARGE,),))
    cells = "SUMIFS('Payments'!$E$2:$E$6,'Payments'!$C$2:$C$6,"
    assert written("charges", charges) == f'{cells}"Charge")'
    assert written("charges", charges, language="zh-CN") == f'{cells}"在线收款")'


def test_a_figure_of_several_groups_adds_them_up() -> None:
    both = Source(sheets.PAYOUTS, "amount", ((journal.PAYOUT,), (journal.PAYOUT_FAILED,)))
    cells = "SUMIFS('Payouts'!$E$2:$E$6,'Payouts'!$C$2:$C$6,"
    assert written("payouts", both) == (
        f'{cells}"Payout to the bank")+{cells}"Failed payout come back")'
    )


def test_a_figure_of_points_sums_the_lines_of_its_unit_and_flow() -> None:
    spent = Source(sheets.POINTS, "change", (("points", "redeemed"),), -1)
    assert written("redeemed", spent) == (
        "SUMIFS('Points'!$G$2:$G$6,'Points'!$D$2:$D$6,\"Points\",'Points'!$E$2:$E$6,\"Redeemed\")"
    )


def test_a_figure_without_groups_sums_its_column() -> None:
    assert written("fees", Source(sheets.FEES, "fee")) == "SUM('Fees'!$E$2:$E$6)"


def test_a_side_of_an_account_sums_its_numbers_above_or_below_0() -> None:
    debit = [Source(sheet, journal.PROVIDER, side=1) for sheet in sheets.CASH_SHEETS]
    credit = [Source(sheet, journal.PROVIDER, sign=-1, side=-1) for sheet in sheets.CASH_SHEETS]
    two = {name: at(name) for name in ("payments", "refunds")}
    assert written("debit", *debit, places=two) == (
        "SUMIF('Payments'!$F$2:$F$6,\">0\")+SUMIF('Refunds'!$F$2:$F$6,\">0\")"
    )
    assert written("credit", *credit, places={"refunds": at("refunds")}) == (
        "SUMIF('Refunds'!$F$2:$F$6,\"<0\")"
    )


def test_a_figure_of_orders_sums_its_column_of_the_days_orders() -> None:
    columns = {
        "points_spent": "H",
        "points_back": "I",
        "cash_paid": "J",
        "cash_back": "K",
        "cost_of_goods": "L",
        "cost_borne_by_points": "M",
        "points_with_known_cost": "N",
    }
    for name, letter in columns.items():
        wanted = f"SUM('Day_Orders'!${letter}$2:${letter}$6)"
        assert written(name, Source(sheets.ORDERS, "points")) == wanted


def test_a_sheet_without_lines_adds_nothing() -> None:
    fee = Source(sheets.FEES, "fee")
    assert written("fees", fee, places={}) is None
    assert written("fees", Source(sheets.PAYMENTS, "fee"), fee) == "SUM('Fees'!$E$2:$E$6)"
    assert written("opening") is None


def test_a_figure_of_a_sheet_that_was_cut_has_no_formula() -> None:
    fee, charge = Source(sheets.FEES, "fee"), Source(sheets.PAYMENTS, "amount")
    assert written("debit", charge, fee, places=PLACES | {"fees": None}) is None


def test_a_figure_with_another_sign_than_its_lines_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"^one sign holds in lines and figures$"):
        written("fees", Source(sheets.FEES, "fee", sign=-1))
    with pytest.raises(AssertionError, match=r"^one sign holds in lines and figures$"):
        written("charges", Source(sheets.FEES, "fee"))


def test_a_group_has_a_word_for_each_of_its_columns() -> None:
    with pytest.raises(ValueError, match="zip"):
        written("redeemed", Source(sheets.POINTS, "change", (("points",),), -1))
    payments = BY_NAME["payments"]
    columns = tuple(each._replace(kind=TEXT) for each in payments.columns)
    bare = {"payments": Ranges(Printed(payments.sheet, columns), "Payments", 5)}
    with pytest.raises(AssertionError, match=r"^groups are told in words$"):
        written("charges", Source(sheets.PAYMENTS, "amount", (("charge",),)), places=bare)
