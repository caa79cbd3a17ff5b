"""The workbook of a day of the test mall, and its local times."""

from __future__ import annotations

from datetime import datetime

from tests.finance.books import ZONE, Mall, at
from tests.finance.spreadsheet import Spreadsheet


def read(mall: Mall, day: int = 2, currency: str = "CNY") -> Spreadsheet:
    return Spreadsheet(mall.file(day, "settlement.xlsx", currency))


def local(hour: int, minute: int = 0) -> datetime:
    """A local time of the second day."""
    return at(2, hour, minute).astimezone(ZONE).replace(tzinfo=None)
