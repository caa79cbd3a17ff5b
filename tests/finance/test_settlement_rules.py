"""The arithmetic of settlements: times, shares of cost, kinds of movement."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.finance.rules import figures, lines
from chalicelib.finance.rules.lines import SoldOrder, local_time
from chalicelib.finance.rules.settlements import OpenLine
from chalicelib.finance.rules.sheets import CASH_SHEETS, ORDERS, SHEET_OF, SHEETS
from chalicelib.ledger.rules import Entry
from chalicelib.ledger.rules.accounts import Effect
from chalicelib.payments.rules import journal
from chalicelib.payments.rules.journal import CashEntry

pytestmark = pytest.mark.pure

ZONE = ZoneInfo("Asia/Shanghai")
TYPES = [
    value
    for name, value in vars(journal).items()
    if name.isupper() and isinstance(value, str) and ":" not in value
]


def test_times_are_written_in_the_programs_zone_with_milliseconds() -> None:
    assert local_time(1_795_276_799_999, ZONE) == "2026-11-21T23:59:59.999+08:00"


@pytest.mark.parametrize(
    ("kind", "unit", "value", "text"),
    [
        (figures.MONEY, "CNY", 265, "2.65"),
        (figures.MONEY, "JPY", 265, "265"),
        (figures.MICRO_MONEY, "CNY", 2_650_000, "0.02650000"),
        (figures.MICRO_MONEY, "CNY", -3_250_000, "-0.03250000"),
        (figures.MICRO_MONEY, "JPY", 2_650_000, "2.650000"),
        (figures.NUMBER, "points", 265, "265"),
    ],
)
def test_the_text_of_a_figure_is_its_amount_in_major_units(
    kind: str, unit: str, value: int, text: str
) -> None:
    told = figures.SummaryFigure(figures.Figure("orders", "figure", unit, value), kind)
    row = dict(zip(figures.SUMMARY_COLUMNS, figures.summary_row(told), strict=True))
    assert (row["value"], row["value_text"]) == (value, text)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_movement_has_one_sheet(kind: str) -> None:
    assert SHEET_OF[kind] in CASH_SHEETS


def cash(kind: str, *postings: journal.CashPosting) -> CashEntry:
    return CashEntry("r", kind, "CNY", postings, "order:ord_1", 0, 0)


def test_the_amount_of_a_movement_is_before_the_fee_or_at_the_bank() -> None:
    through, between = journal.through_provider, journal.moved
    charge = cash(journal.CHARGE, *through(1_000, 30, journal.SALES))
    assert lines.amount_moved(charge) == 1_000
    taken = cash(journal.DISPUTE, *through(-1_000, 1_500, journal.DISPUTED))
    assert lines.amount_moved(taken) == -1_000
    lost = cash(journal.DISPUTE_LOST, *between(1_000, journal.LOSSES, journal.DISPUTED))
    assert lines.amount_moved(lost) == 0
    paid_out = cash(journal.PAYOUT, *through(-700, 10, journal.BANK))
    assert lines.amount_moved(paid_out) == 700
    came_back = cash(journal.PAYOUT_FAILED, *through(700, 0, journal.BANK))
    assert lines.amount_moved(came_back) == -700
    by_bank = cash(journal.WITHDRAWAL, *between(500, journal.REBATES, journal.BANK))
    assert lines.amount_moved(by_bank) == -500


def spent(points: int, kind: str = "redemption") -> Entry:
    effect = Effect({1: -points}, contra="redeemed")
    return Entry(
        "mbr_1:points",
        1,
        kind,
        -points,
        0,
        effect,
        "order:ord_1",
        "order:ord_1",
        None,
        None,
        0,
        0,
        bytes(32),
    )


def cell(row: tuple[str | int, ...], column: str) -> int:
    value = row[ORDERS.at(column)]
    assert isinstance(value, int)
    return value


@given(st.integers(1, 10**6), st.integers(0, 10**9), st.integers(0, 10**9), st.data())
def test_a_return_takes_exactly_its_share_of_the_cost(
    points: int, cost: int, paid: int, data: st.DataObject
) -> None:
    sold = SoldOrder(points, paid, "CNY", cost)
    whole = lines.redemption_row(spent(points), sold, "CNY", ZONE)
    assert cell(whole, "cost") == cost
    assert cell(whole, "points_cost") == cost - paid
    back = data.draw(st.integers(1, points))
    part = lines.redemption_row(spent(-back, "reversal"), sold, "CNY", ZONE)
    assert -cost <= cell(part, "cost") <= 0
    assert cell(part, "points") == cell(part, "costed_points") == -back
    exact = lines.redemption_row(spent(-points, "reversal"), sold, "CNY", ZONE)
    assert cell(exact, "cost") == -cost
    assert cell(exact, "points_cost") == paid - cost


def test_goods_of_unknown_cost_count_neither_cost_nor_points() -> None:
    for sold in (None, SoldOrder(800, 0, "CNY", None), SoldOrder(800, 0, "USD", 4_100)):
        row = lines.redemption_row(spent(800), sold, "CNY", ZONE)
        assert (cell(row, "points"), cell(row, "cost"), cell(row, "costed_points")) == (800, 0, 0)


def test_the_cost_of_a_point_is_rounded_down_to_a_millionth() -> None:
    assert figures.micros_per_point(2_120, 800) == 2_650_000
    assert figures.micros_per_point(1, 3) == 333_333
    assert figures.micros_per_point(100, 0) is None


def test_a_line_is_as_old_as_the_days_since_it_opened() -> None:
    line = OpenLine("assets:carriers", "order:ord_1", 5, date(2026, 11, 3), "cod:ord_1")
    assert line.age_days(date(2026, 12, 1)) == 28


def test_every_sheet_names_its_columns_once_and_sums_only_its_own() -> None:
    for sheet in SHEETS:
        assert len(set(sheet.columns)) == len(sheet.columns) < 27
        assert {*sheet.numbers, *sheet.groups} <= set(sheet.columns)
