"""The sheets of a settlement: their columns, and the sums of their lines.

docs/finance.md explains each column.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chalicelib.kernel.csv_cells import Cell, Row
from chalicelib.payments import journal


class Sheet(msgspec.Struct, frozen=True):
    """A file of lines: the columns `numbers` are summed by the columns `groups`."""

    name: str
    columns: tuple[str, ...]
    groups: tuple[str, ...]
    numbers: tuple[str, ...]

    def at(self, column: str) -> int:
        return self.columns.index(column)


_WHEN = ("recorded_at", "occurred_at")
# Movements of money, with a column for each account of the chart.
_CASH = (
    (
        *_WHEN,
        "type",
        "reference",
        "transaction",
        "source",
        "currency",
        "amount",
        "amount_text",
        *journal.ACCOUNTS,
    ),
    ("type",),
    ("amount", *journal.ACCOUNTS),
)

ORDERS = Sheet(
    "orders",
    ("recorded_at", "source", "movement", "reference", "points", "currency", "cash", "cash_text",
     "cost", "cost_text", "points_cost", "costed_points"),
    ("movement",),
    ("points", "cash", "cost", "points_cost", "costed_points"),
)  # fmt: skip
PAYMENTS, REFUNDS = Sheet("payments", *_CASH), Sheet("refunds", *_CASH)
DISPUTES, PAYOUTS = Sheet("disputes", *_CASH), Sheet("payouts", *_CASH)
FEES = Sheet(
    "fees",
    (*_WHEN, "type", "reference", "transaction", "source", "currency", "fee", "fee_text"),
    ("type",),
    ("fee",),
)
POINTS = Sheet(
    "points",
    (*_WHEN, "account", "unit", "flow", "type", "reference", "source", "rule", "change", "seq"),
    ("unit", "flow"),
    ("change",),
)
CLEARING = Sheet(
    "clearing",
    ("account", "source", "currency", "amount", "amount_text", "opened_on", "age_days",
     "reference"),
    ("account",),
    ("amount",),
)  # fmt: skip
# A line for each order with a movement on the day; only the workbook holds it.
DAY_ORDERS = Sheet(
    "day_orders",
    ("first_at", "placed_at", "order", "member", "goods", "skus", "method", "state",
     "order_points", "order_cash", "points_spent", "points_back", "cash_paid", "cash_back", "cost",
     "points_cost", "costed_points"),
    (),
    ("points_spent", "points_back", "cash_paid", "cash_back", "cost", "points_cost",
     "costed_points"),
)  # fmt: skip
SHEETS = (ORDERS, PAYMENTS, REFUNDS, FEES, DISPUTES, PAYOUTS, POINTS, CLEARING)
CASH_SHEETS = (PAYMENTS, REFUNDS, DISPUTES, PAYOUTS)

# The sheet of each type of movement.
SHEET_OF = {
    journal.CHARGE: PAYMENTS,
    journal.COD_COLLECTED: PAYMENTS, journal.COD_UNCOLLECTED: PAYMENTS,
    journal.REFUND: REFUNDS, journal.REFUND_FAILED: REFUNDS,
    journal.DISPUTE: DISPUTES, journal.DISPUTE_WON: DISPUTES, journal.DISPUTE_LOST: DISPUTES,
    journal.PAYOUT: PAYOUTS, journal.PAYOUT_FAILED: PAYOUTS,
    journal.WITHDRAWAL: PAYOUTS, journal.WITHDRAWAL_FAILED: PAYOUTS,
    journal.COD_REMITTED: PAYOUTS,
}  # fmt: skip


class Sums(msgspec.Struct, dict=True):
    """The sums of a sheet's lines by group, {group: {column: sum}}, and their counts.

    `above` and `below` are (sum, lines) of the numbers above and below 0 in a column.
    """

    sheet: Sheet
    rows: int = 0
    counts: dict[tuple[Cell, ...], int] = msgspec.field(default_factory=dict)
    sums: dict[tuple[Cell, ...], dict[str, int]] = msgspec.field(default_factory=dict)
    above: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    below: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        sheet = self.sheet
        self._groups = [sheet.at(column) for column in sheet.groups]
        self._numbers = [(column, sheet.at(column)) for column in sheet.numbers]
        self.above = dict.fromkeys(sheet.numbers, (0, 0))
        self.below = dict.fromkeys(sheet.numbers, (0, 0))

    def add(self, row: Row) -> None:
        """Count a line."""
        group = tuple(row[at] for at in self._groups)
        sums = self.sums.get(group)
        if sums is None:
            sums = self.sums[group] = dict.fromkeys(self.sheet.numbers, 0)
        for column, at in self._numbers:
            number = row[at]
            assert type(number) is int, "sums are of integers"
            if number:
                sums[column] += number
                side = self.above if number > 0 else self.below
                side[column] = (side[column][0] + number, side[column][1] + 1)
        self.counts[group] = self.counts.get(group, 0) + 1
        self.rows += 1

    def total(self, column: str, groups: Iterable[tuple[Cell, ...]] | None = None) -> int:
        """The sum of a column over some groups; over all lines without `groups`."""
        chosen = self.sums if groups is None else groups
        return sum(self.sums[group][column] for group in chosen if group in self.sums)

    def count(self, groups: Iterable[tuple[Cell, ...]] | None = None) -> int:
        chosen = self.counts if groups is None else groups
        return sum(self.counts.get(group, 0) for group in chosen)
