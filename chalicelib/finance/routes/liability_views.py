"""The liability as finance sees it: JSON, and CSV for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from chalicelib.finance.rules.liability import Cost, Liability
from chalicelib.kernel.csv_cells import Row, csv_text
from chalicelib.kernel.money import Money, major
from chalicelib.kernel.shapes import shaped
from chalicelib.ledger import Unit

CSV_COLUMNS = (
    "day",
    "unit",
    "kind",
    "month",
    "points",
    "expected_breakage",
    "currency",
    "cost",
    "cost_text",
)


class MonthView(msgspec.Struct):
    """Points with `month` as their last month of use; `expected_breakage` of them may lapse."""

    month: str
    points: int
    expected_breakage: int


class HistoryView(msgspec.Struct):
    """The whole months behind the rate of breakage: `per_mille` of the accrued points lapsed."""

    first: str
    last: str
    accrued: int
    expired: int
    per_mille: int | None


class CostView(msgspec.Struct):
    """The cost of points beyond the cash paid: `per_point_in_millionths` of a minor unit."""

    first: date
    last: date
    cost: Money
    points: int
    per_point_in_millionths: int | None


class LiabilityView(msgspec.Struct):
    """`outstanding` = the sum of `months`, `never`, `held`, `pending` and `elsewhere` - `debt`.

    `elsewhere` is in accounts without a lot that lapses. Money is rounded down to a minor unit; it
    is null until something with a known cost is bought. Rebate cash is money itself: its cost is
    the whole of `outstanding`, and `cost` is null.
    """

    day: date
    unit: Unit
    outstanding: int
    months: list[MonthView]
    never: int
    held: int
    pending: int
    debt: int
    elsewhere: int
    expected_breakage: int | None
    history: HistoryView | None
    cost: CostView | None
    outstanding_at_cost: Money | None
    after_breakage_at_cost: Money | None


def liability_view(liability: Liability) -> LiabilityView:
    standing, lost = liability.standing, liability.expected_breakage
    months = [
        MonthView(month, points, liability.breakage_of(points))
        for month, points in sorted(standing.months.items())
    ]
    return shaped(
        LiabilityView,
        liability,
        months=months,
        never=standing.never,
        held=standing.held,
        pending=standing.pending,
        debt=standing.debt,
        history=shaped(HistoryView, liability.history) if liability.history else None,
        cost=_cost(liability.cost, liability.currency),
        outstanding_at_cost=_money(liability, liability.outstanding),
        after_breakage_at_cost=_money(liability, liability.outstanding - (lost or 0)),
    )


def liability_csv(units: list[Liability]) -> str:
    """The lines of every unit, each followed by the unit's total: its lines' points add up to it.

    Cost and breakage are rounded down in each line; the total's are computed from all points.
    """
    return csv_text(CSV_COLUMNS, (row for liability in units for row in _rows(liability)))


def _rows(liability: Liability) -> Iterator[Row]:
    standing = liability.standing
    for month, points in sorted(standing.months.items()):
        yield _row(liability, "lapses", month, points, liability.breakage_of(points))
    yield _row(liability, "never_lapses", "", standing.never)
    yield _row(liability, "held", "", standing.held)
    yield _row(liability, "pending", "", standing.pending)
    yield _row(liability, "debt", "", -standing.debt)
    yield _row(liability, "elsewhere", "", liability.elsewhere)
    lost = liability.expected_breakage or 0
    yield _row(liability, "total", "", liability.outstanding, lost)


def _row(liability: Liability, kind: str, month: str, points: int, lost: int = 0) -> Row:
    cost = liability.cost_of(points)
    known = cost is not None
    return (
        str(liability.day),
        liability.unit,
        kind,
        month,
        points,
        lost,
        liability.currency if known else "",
        cost if cost is not None else "",
        major(cost, liability.currency) if cost is not None else "",
    )


def _cost(cost: Cost | None, currency: str) -> CostView | None:
    if cost is None:
        return None
    spent = Money(cost.cost, currency)
    return shaped(CostView, cost, cost=spent, per_point_in_millionths=cost.micros)


def _money(liability: Liability, points: int) -> Money | None:
    cost = liability.cost_of(max(points, 0))
    return None if cost is None else Money(cost, liability.currency)


LIABILITY_EXAMPLE: dict[str, Any] = {
    "day": "2026-11-21", "unit": "points", "outstanding": 6180,
    "months": [{"month": "2027-11", "points": 6000, "expected_breakage": 720}],
    "never": 0, "held": 0, "pending": 80, "debt": 0, "elsewhere": 100, "expected_breakage": 720,
    "history": {"first": "2026-11", "last": "2026-11", "accrued": 50000, "expired": 6000,
                "per_mille": 120},
    "cost": {"first": "2026-11-01", "last": "2026-11-21",
             "cost": {"amount": 2120, "currency": "CNY"}, "points": 800,
             "per_point_in_millionths": 2650000},
    "outstanding_at_cost": {"amount": 16377, "currency": "CNY"},
    "after_breakage_at_cost": {"amount": 14469, "currency": "CNY"},
}  # fmt: skip
