"""The open lines of clearing accounts at a day's end: yesterday's lines and the day's movements.

They are stored on disk during a build, since carriers may hold the cash of any number of parcels.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from chalicelib.finance.rules.settlements import OpenLine
from chalicelib.finance.rules.sheets import CLEARING
from chalicelib.kernel.csv_cells import Row
from chalicelib.kernel.money import major
from chalicelib.payments import CLEARING as CLEARING_ACCOUNTS
from chalicelib.payments import CashEntry

_TABLE = """
CREATE TABLE lines (
    account TEXT, source TEXT, amount INTEGER, opened_on TEXT, reference TEXT,
    PRIMARY KEY (account, source)) WITHOUT ROWID
"""
# A source that was at 0 and moves again is as old as that movement.
_MOVE = """
INSERT INTO lines VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    opened_on = CASE amount WHEN 0 THEN excluded.opened_on ELSE opened_on END,
    amount = amount + excluded.amount, reference = excluded.reference
"""


class OpenLines:
    """Amounts by clearing account and source; `close` deletes the file."""

    def __init__(self, folder: Path, day: date) -> None:
        self._day = day
        self._path = folder / "open-lines.sqlite"
        self._lines = sqlite3.connect(self._path, isolation_level=None)
        self._lines.execute("PRAGMA journal_mode = OFF")
        self._lines.execute("PRAGMA synchronous = OFF")
        self._lines.execute(_TABLE)

    def bring_forward(self, clearing: Path) -> None:
        """Start with the lines of another day's clearing.csv."""
        with clearing.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file):
                self._move(
                    line["account"],
                    line["source"],
                    int(line["amount"]),
                    line["opened_on"],
                    line["reference"],
                )

    def add(self, entry: CashEntry) -> None:
        """Add a movement of the day."""
        for account in CLEARING_ACCOUNTS:
            if amount := entry.on(account):
                self._move(account, entry.source, amount, str(self._day), entry.reference)

    def _move(self, *line: str | int) -> None:
        self._lines.execute(_MOVE, line)

    def all(self) -> Iterator[OpenLine]:
        """The lines that are not 0, by account and source."""
        wanted = "SELECT * FROM lines WHERE amount <> 0 ORDER BY account, source"
        yield from map(_line, self._lines.execute(wanted))

    def oldest(self, most: int) -> tuple[OpenLine, ...]:
        wanted = "SELECT * FROM lines WHERE amount <> 0 ORDER BY opened_on, account, source LIMIT ?"
        return tuple(map(_line, self._lines.execute(wanted, (most,))))

    def close(self) -> None:
        self._lines.close()
        self._path.unlink()


def _line(found: tuple[str, str, int, str, str]) -> OpenLine:
    account, source, amount, opened_on, reference = found
    return OpenLine(account, source, amount, date.fromisoformat(opened_on), reference)


def clearing_row(line: OpenLine, currency: str, day: date) -> Row:
    """A line of clearing.csv, in the order of the sheet's columns."""
    row = (
        line.account,
        line.source,
        currency,
        line.amount,
        major(line.amount, currency),
        str(line.opened_on),
        line.age_days(day),
        line.reference,
    )
    assert len(row) == len(CLEARING.columns)
    return row
