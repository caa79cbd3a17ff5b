"""settlement.xlsx for accountants: a summary first, the lines behind it.

Its bytes depend on its lines and its layout alone. Money is in whole units of the currency, times
are the program's, and no text of a line can become a formula.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec

from chalicelib.finance.actions.workbook_cells import Pen
from chalicelib.finance.actions.workbook_glossary import write_glossary
from chalicelib.finance.actions.workbook_summary import write_summary
from chalicelib.finance.rules.figures import SummaryFigure
from chalicelib.finance.rules.formulas import Ranges
from chalicelib.finance.rules.printed import CUT, LEG, PRINTED, Column, Layout, Printed
from chalicelib.finance.rules.sheets import DAY_ORDERS, ORDERS, Sums
from chalicelib.finance.rules.wording import SHEET_NAMES
from chalicelib.kernel.csv_cells import Cell, Row
from chalicelib.kernel.errors import Words

WORKBOOK = "settlement.xlsx"
_CHUNK = 1 << 20
_TITLE = Words("积分商城日结算 {day}", "Settlement of {day}")
_TOTAL = Words("合计", "Total")
_A4 = 9


class About(msgspec.Struct, frozen=True):
    """The day, currency, time zone and layout of a workbook."""

    day: date
    currency: str
    zone: str
    layout: Layout

    def say(self, words: Words, **facts: Any) -> str:
        return words.in_language(self.layout.language, **facts)

    @property
    def title(self) -> str:
        return self.say(_TITLE, day=str(self.day))


class Lines(Protocol):
    """The lines of a sheet, readable many times; `has_more` is true if some are left out."""

    sums: Sums
    has_more: bool

    def rows(self) -> Iterator[Row]: ...


def write_workbook(
    folder: Path, about: About, told: Sequence[SummaryFigure], lines: Mapping[str, Lines]
) -> Path:
    """Write the file; sheets without lines are left out."""
    draft, path = folder / "draft.xlsx", folder / WORKBOOK
    book = _book(draft, about)
    pen = Pen(book, about.layout.language, about.currency)
    shown = [each for each in PRINTED if lines[each.name].sums.rows]
    summary = _sheet(book, about, "summary", is_wide=False)
    details = [
        _Detail(pen, about, each, lines[each.name], _sheet(book, about, each.name))
        for each in shown
    ]
    places = {each.printed.name: None if each.has_more else each.ranges for each in details}
    write_summary(pen, summary, (about.title, about.zone), told, places)
    for detail in details:
        detail.write()
    write_glossary(pen, _sheet(book, about, "glossary", is_wide=False))
    book.close()
    _repack(draft, path)
    draft.unlink()
    return path


def _book(draft: Path, about: About) -> Any:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(draft), {"constant_memory": True, "tmpdir": str(draft.parent)})
    made = datetime(about.day.year, about.day.month, about.day.day, tzinfo=UTC)
    book.set_properties({"title": f"{about.title} {about.currency}", "created": made})
    return book


def _sheet(book: Any, about: About, name: str, *, is_wide: bool = True) -> Any:
    """A sheet that prints one page wide, with its name, the day and page numbers."""
    words = about.say(SHEET_NAMES[name])
    made = book.add_worksheet(words)
    made.set_paper(_A4)
    if is_wide:
        made.set_landscape()
    made.fit_to_pages(1, 0)
    made.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    made.hide_gridlines(1)
    made.set_header(f"&L{about.title} {about.currency}&R{words}")
    made.set_footer("&C&P / &N")
    return made


class _Detail:
    """A sheet of lines: a frozen head, filters, a total below."""

    def __init__(self, pen: Pen, about: About, printed: Printed, lines: Lines, sheet: Any) -> None:
        self._pen, self._about, self._lines, self._sheet = pen, about, lines, sheet
        sums = lines.sums
        # An account without a movement in these lines has no column.
        columns = tuple(
            each
            for each in printed.columns
            if not (each.kind == LEG and each.name in sums.sheet.numbers)
            or sums.above[each.name][1]
            or sums.below[each.name][1]
        )
        self.printed = printed._replace(columns=columns)
        self.has_more = lines.has_more

    @property
    def ranges(self) -> Ranges:
        """The cells of the lines, for formulas."""
        return Ranges(
            self.printed, self._about.say(SHEET_NAMES[self.printed.name]), self._lines.sums.rows
        )

    def write(self) -> None:
        sheet, columns = self._sheet, self.printed.columns
        for at, (column, widest) in enumerate(zip(columns, self._widths(), strict=True)):
            head = self._pen.head(column)
            sheet.set_column(at, at, self._pen.column_width(head, widest))
            sheet.write_string(0, at, head, self._pen.of_head)
        row = 0
        for row, line in enumerate(self._lines.rows(), 1):
            cells = tuple(self._cells(line))
            sheet.set_row(row, self._pen.height(cells))
            for at, (column, value, unit) in enumerate(cells):
                self._pen.write(sheet, row, at, column, value, unit)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, row, len(columns) - 1)
        end = self._end(row + 1)
        last = max(at for at, each in enumerate(columns) if each.printed)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, end, last)

    def _widths(self) -> list[int]:
        """The width of each column's widest cell, in characters."""
        widest = [0] * len(self.printed.columns)
        for line in self._lines.rows():
            for at, cell in enumerate(self._cells(line)):
                widest[at] = max(widest[at], self._pen.width(*cell))
        return widest

    def _cells(self, line: Row) -> Iterator[tuple[Column, Cell, str]]:
        """The cells of a line: (column, value, the line's unit of points or empty)."""
        sheet = self.printed.sheet
        unit = str(line[sheet.at("unit")]) if "unit" in sheet.columns else ""
        for column in self.printed.columns:
            yield column, line[sheet.at(column.name)], unit

    def _end(self, row: int) -> int:
        """Write the total, or a note that lines are left out; the last row written."""
        if self.has_more:
            name = ORDERS.name if self.printed.name == DAY_ORDERS.name else self.printed.name
            said = self._about.say(CUT, rows=f"{row - 1:,}", name=name)
            self._sheet.write_string(row, 0, said, self._pen.of_total)
            return row
        columns = self.printed.columns
        if not any(each.is_total for each in columns):
            return row - 1
        for at, column in enumerate(columns):
            if column.is_total:
                total = self._lines.sums.total(column.name) * column.sign
                cells = self.ranges.cells(column.name)
                self._pen.total(self._sheet, row, at, column, (f"SUBTOTAL(109,{cells})", total))
            else:
                said = self._about.say(_TOTAL) if at == 0 else ""
                self._sheet.write_string(row, at, said, self._pen.of_total)
        return row


def _repack(draft: Path, path: Path) -> None:
    """Rewrite a zip file uncompressed, without times or modes.

    Another machine's zlib or umask would otherwise give other bytes for the same lines.
    """
    with zipfile.ZipFile(draft) as made, zipfile.ZipFile(path, "w") as plain:
        for name in sorted(made.namelist(), key=_first_the_types):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o600 << 16
            info.file_size = made.getinfo(name).file_size
            with made.open(name) as source, plain.open(info, "w") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)


def _first_the_types(name: str) -> tuple[bool, str]:
    return name != "[Content_Types].xml", name
