"""Times in the workbook: a time before a spreadsheet's first date is text."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from chalicelib.finance.actions.workbook_cells import Pen
from chalicelib.finance.rules.printed import DATE, MINUTE, TIME, Column
from chalicelib.kernel.errors import Words
from tests.finance.books import ZONE


@pytest.mark.parametrize("kind", [TIME, MINUTE])
def test_a_time_before_the_first_date_is_text(tmp_path: Path, kind: str) -> None:
    written = [
        "0001-01-01T08:05:43+08:05",
        "1899-12-31T23:59:59+08:00",
        "1900-03-01T00:00:00+08:00",
        "2026-11-21T08:00:00+08:00",
    ]
    assert write(tmp_path, kind, written) == [
        *written[:2],
        datetime(1900, 3, 1, tzinfo=ZONE).replace(tzinfo=None),
        datetime(2026, 11, 21, 8, tzinfo=ZONE).replace(tzinfo=None),
    ]


def test_a_day_before_the_first_date_is_text(tmp_path: Path) -> None:
    assert write(tmp_path, DATE, ["0001-01-01", "2026-11-21"]) == [
        "0001-01-01",
        datetime(2026, 11, 21, tzinfo=ZONE).replace(tzinfo=None),
    ]


def write(folder: Path, kind: str, written: list[str]) -> list[object]:
    """The values that a spreadsheet reads in a column of such cells."""
    book = xlsxwriter.Workbook(str(folder / "times.xlsx"))
    sheet, pen = book.add_worksheet(), Pen(book, "en", "CNY")
    for row, text in enumerate(written):
        pen.write(sheet, row, 0, Column("at", Words("时间", "Time"), kind), text, "")
    book.close()
    [column] = openpyxl.load_workbook(folder / "times.xlsx").active.iter_cols()
    return [cell.value for cell in column]
