"""CSV for spreadsheets: RFC 4180, UTF-8 with a byte order mark, text that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO

from chalicelib.kernel.spelling import UNSEEN

Cell = str | int
Row = tuple[Cell, ...]

_BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet takes for a formula. Source: OWASP, "CSV Injection".
# A spreadsheet may drop blanks and unseen characters before it looks at a cell.
_BEGINS_A_FORMULA = re.compile(rf"[\t\r\n]|[\s{UNSEEN}]*[=+\-@＝＋－＠]")
# Where lists are separated by semicolons or tabs a spreadsheet splits a cell there, and quotes
# that do not begin a line's field do not hold it together.
_FORMULA_AFTER_A_SEPARATOR = re.compile(rf'([;\t\r\n][\s"{UNSEEN}]*)(?=[=+\-@＝＋－＠])')
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


def safe(text: str) -> str:
    """Text that stays text in a spreadsheet: what would begin a formula gets an apostrophe, also
    within the cell, after what may separate cells elsewhere."""
    begins = bool(_BEGINS_A_FORMULA.match(text)) and not _NUMBER.match(text)
    inner = _FORMULA_AFTER_A_SEPARATOR.sub(r"\1'", text)
    return f"'{inner}" if begins else inner


class CsvWriter:
    """Writes rows to a text file that was opened in UTF-8 with `newline=""`."""

    def __init__(self, file: IO[str], columns: Sequence[str]) -> None:
        file.write(_BYTE_ORDER_MARK)
        self._rows = csv.writer(file, lineterminator="\r\n")
        self.write(columns)

    def write(self, row: Sequence[Cell]) -> None:
        self._rows.writerow(_safe_row(row))


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A whole file, its byte order mark first."""
    text = io.StringIO(newline="")
    writer = CsvWriter(text, columns)
    for row in rows:
        writer.write(row)
    return text.getvalue()


def csv_part(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, is_first: bool) -> str:
    """A part of a file; its first has the byte order mark and the columns. Parts are put together
    as they are."""
    if is_first:
        return csv_text(columns, rows)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows(_safe_row(row) for row in rows)
    return text.getvalue()


def _safe_row(row: Sequence[Cell]) -> list[Cell]:
    return [safe(cell) if isinstance(cell, str) else cell for cell in row]
