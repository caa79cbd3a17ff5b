"""The orders with movements on a day, in the order of their first movement.

They are stored on disk during a build, and only as many as the workbook lists.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import NamedTuple

import msgspec

from chalicelib.finance.rules.lines import Good, SoldOrder, local_time
from chalicelib.finance.rules.sheets import DAY_ORDERS, ORDERS
from chalicelib.kernel.csv_cells import Row

_TABLE = """
CREATE TABLE orders (
    number INTEGER PRIMARY KEY, source TEXT UNIQUE, first_at TEXT, member TEXT, sold BLOB,
    points_spent INTEGER, points_back INTEGER, cash_paid INTEGER, cash_back INTEGER,
    cost INTEGER, points_cost INTEGER, costed_points INTEGER)
"""
_ADD = """
UPDATE orders SET member = max(member, ?), points_spent = points_spent + ?,
    points_back = points_back + ?, cash_paid = cash_paid + ?, cash_back = cash_back + ?,
    cost = cost + ?, points_cost = points_cost + ?, costed_points = costed_points + ?
WHERE source = ?
"""
_PUT = "INSERT INTO orders VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_BACK = "reversal"


class OrderTerms(NamedTuple):
    """The terms of the orders' rows: the end of the day, the zone, the language, the currency."""

    end_ms: int
    zone: tzinfo
    language: str
    currency: str


class DayOrders:
    """The first `most` orders of a day; `has_more` is true if there were others."""

    def __init__(self, folder: Path, most: int) -> None:
        self._most, self._kept, self.has_more = most, 0, False
        self._path = folder / "day-orders.sqlite"
        self._lines = sqlite3.connect(self._path, isolation_level=None)
        self._lines.execute("PRAGMA journal_mode = OFF")
        self._lines.execute("PRAGMA synchronous = OFF")
        self._lines.execute(_TABLE)

    def add(self, row: Row, sold: SoldOrder | None, member: str) -> None:
        """Add a line of orders.csv; `member` is the owner of its points, empty for cash."""
        source = str(row[ORDERS.at("source")])
        moved = _moved(row)
        if self._lines.execute(_ADD, (member, *moved, source)).rowcount:
            return
        if self._kept == self._most:
            self.has_more = True
            return
        self._kept += 1
        first_at = row[ORDERS.at("recorded_at")]
        self._lines.execute(_PUT, (source, first_at, member, msgspec.json.encode(sold), *moved))

    def all(self, asked: OrderTerms) -> Iterator[Row]:
        """The rows of the workbook's sheet."""
        for _, source, first_at, member, kept, *moved in self._lines.execute(
            "SELECT * FROM orders ORDER BY number"
        ):
            sold = msgspec.json.decode(kept, type=SoldOrder | None)
            row = (first_at, *_order_cells(source, sold, member, asked), *moved)
            assert len(row) == len(DAY_ORDERS.columns)
            yield row

    def close(self) -> None:
        self._lines.close()
        self._path.unlink(missing_ok=True)


def _moved(row: Row) -> tuple[int, ...]:
    """The amounts that a line adds to its order, in the order of the table's columns."""

    def number(column: str) -> int:
        found = row[ORDERS.at(column)]
        assert type(found) is int
        return found

    points, cash = number("points"), number("cash")
    is_back = row[ORDERS.at("movement")] == _BACK
    return (
        0 if is_back else points,
        -points if is_back else 0,
        max(cash, 0),
        max(-cash, 0),
        number("cost"),
        number("points_cost"),
        number("costed_points"),
    )


def _order_cells(
    source: str, sold: SoldOrder | None, member: str, asked: OrderTerms
) -> tuple[str | int, ...]:
    """The cells from `placed_at` to `order_cash`; mostly empty if it is no order of ours."""
    if sold is None:
        return "", source, member, "", "", "points" if member else "", "", 0, 0
    return (
        local_time(sold.placed_at_ms, asked.zone),
        source,
        sold.member or member,
        "\n".join(_goods(good, asked.language) for good in sold.goods),
        "\n".join(good.sku for good in sold.goods),
        sold.method or "points",
        sold.state_at(asked.end_ms),
        sold.points,
        sold.cash if sold.currency == asked.currency else "",
    )


def _goods(good: Good, language: str) -> str:
    title = good.title_en if language == "en" else good.title_zh
    # A title may hold line breaks; each of the goods gets one line.
    return f"{' '.join(title.split())} × {good.quantity}"
