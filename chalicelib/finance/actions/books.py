"""The files of a settlement as they are written: CSV for every line, a workbook to look at.

Everything goes to disk line by line: a day of any size takes the same memory.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from chalicelib.finance.rules.figures import SUMMARY_COLUMNS, Source, Told, told_row
from chalicelib.finance.rules.sheets import SHEETS, Sheet, Sums
from chalicelib.kernel.csv_cells import Cell, CsvWriter, Row, safe

WORKBOOK, SUMMARY, MANIFEST = "settlement.xlsx", "summary", "manifest.json"
_CHUNK = 1 << 20
# A file, its lines, the sums of its columns.
Written = tuple[Path, int, dict[str, int]]


class CsvFile:
    """A CSV file of the folder."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str]) -> None:
        self.path = folder / f"{name}.csv"
        self._file: IO[str] = self.path.open("w", encoding="utf-8", newline="")
        self.write = CsvWriter(self._file, columns).write

    def close(self) -> None:
        self._file.close()


class Workbook:
    """settlement.xlsx: the summary, and each sheet's lines, the first `most_rows` of them.

    Its totals are formulas over the lines where all of them stand in the sheet.
    """

    def __init__(self, folder: Path, day: date, most_rows: int) -> None:
        import xlsxwriter

        self._folder, self._most_rows = folder, most_rows
        self._draft = folder / "draft.xlsx"
        self._book: Any = xlsxwriter.Workbook(
            str(self._draft), {"constant_memory": True, "tmpdir": str(folder)}
        )
        made = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self._book.set_properties({"title": f"Settlement {day}", "created": made})
        self._bold = self._book.add_format({"bold": True})
        self._whole = self._book.add_format({"num_format": "#,##0"})
        self._summary = self._sheet(SUMMARY, SUMMARY_COLUMNS)
        self._sheets = {sheet.name: self._sheet(sheet.name, sheet.columns) for sheet in SHEETS}
        self._rows = dict.fromkeys(self._sheets, 0)

    def _sheet(self, name: str, columns: Sequence[str]) -> Any:
        made = self._book.add_worksheet(name)
        made.set_column(0, len(columns) - 1, 20)
        made.freeze_panes(1, 0)
        made.write_row(0, 0, columns, self._bold)
        return made

    def add(self, sheet: Sheet, row: Row) -> None:
        """Write a line, unless the sheet holds as many as it may."""
        rows = self._rows[sheet.name] = self._rows[sheet.name] + 1
        if rows <= self._most_rows:
            self._write(self._sheets[sheet.name], rows, row)
        elif rows == self._most_rows + 1:
            said = (
                f"仅列前 {self._most_rows} 行，全部明细见 {sheet.name}.csv / "
                f"The first {self._most_rows} lines; all of them are in {sheet.name}.csv"
            )
            self._sheets[sheet.name].write_string(rows, 0, said, self._bold)

    def summarise(self, told: Iterable[Told]) -> None:
        """Write the summary, a figure after the other."""
        places: dict[tuple[str, str], int] = {}
        for at, each in enumerate(told, 1):
            figure = each.figure
            places[figure.section, figure.name] = at
            self._write(self._summary, at, told_row(each))
            formula = self._formula(each, places)
            if formula:
                self._summary.write_formula(at, 3, formula, self._whole, figure.value)

    def _write(self, sheet: Any, at: int, row: Sequence[Cell]) -> None:
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(at, column, cell, self._whole)
            elif cell:
                sheet.write_string(at, column, safe(cell))

    def _formula(self, told: Told, places: dict[tuple[str, str], int]) -> str | None:
        if told.parts:
            section = told.figure.section
            parts = [part.partition("-") for part in told.parts.split()]
            return "=" + "".join(
                f"{'-' if minus else '+'}D{places[section, name or plus] + 1}"
                for plus, minus, name in parts
            )
        if any(self._rows[source.sheet.name] > self._most_rows for source in told.sources):
            return None
        return "=" + "".join(map(self._term, told.sources)) if told.sources else None

    def _term(self, source: Source) -> str:
        """What a source adds to a formula."""
        sheet = source.sheet
        last = max(self._rows[sheet.name], 1) + 1

        def cells(column: str) -> str:
            letter = chr(ord("A") + sheet.at(column))
            return f"{sheet.name}!${letter}$2:${letter}${last}"

        sign, summed = "+" if source.sign > 0 else "-", cells(source.column)
        if source.side:
            return f'{sign}SUMIF({summed},"{">" if source.side > 0 else "<"}0")'
        if not source.groups:
            return f"{sign}SUM({summed})"
        wanted = (
            ",".join(
                f'{cells(column)},"{value}"'
                for column, value in zip(sheet.groups, group, strict=True)
            )
            for group in source.groups
        )
        return "".join(f"{sign}SUMIFS({summed},{each})" for each in wanted)

    def close(self) -> Path:
        """Finish the file, whose bytes depend on its content alone."""
        self._book.close()
        path = self._folder / WORKBOOK
        _repack(self._draft, path)
        self._draft.unlink()
        return path


def _repack(draft: Path, path: Path) -> None:
    """Write a zip file anew, uncompressed and without times or modes: another machine's zlib or
    umask would make other bytes of the same lines."""
    with zipfile.ZipFile(draft) as made, zipfile.ZipFile(path, "w") as plain:
        for name in sorted(made.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o600 << 16
            info.file_size = made.getinfo(name).file_size
            with made.open(name) as source, plain.open(info, "w") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)


class Books:
    """All files of a settlement, open for writing."""

    def __init__(self, folder: Path, day: date, most_rows: int) -> None:
        self.folder, self.day = folder, day
        self.sums = {sheet.name: Sums(sheet) for sheet in SHEETS}
        self._files = {sheet.name: CsvFile(folder, sheet.name, sheet.columns) for sheet in SHEETS}
        self._workbook = Workbook(folder, day, most_rows)

    def close(self) -> None:
        """Close the files, finished or not."""
        for file in self._files.values():
            file.close()

    def add(self, sheet: Sheet, row: Row) -> None:
        """Write a line to its file and its sheet, and count it."""
        self.sums[sheet.name].add(row)
        self._files[sheet.name].write(row)
        self._workbook.add(sheet, row)

    def finish(self, told: Sequence[Told]) -> list[Written]:
        """Write the summary, close everything, and tell what was written."""
        summary = CsvFile(self.folder, SUMMARY, SUMMARY_COLUMNS)
        for each in told:
            summary.write(told_row(each))
        summary.close()
        self._workbook.summarise(told)
        done: list[Written] = [(summary.path, len(told), {})]
        for name, file in self._files.items():
            file.close()
            sums = self.sums[name]
            totals = {column: sums.total(column) for column in sums.sheet.numbers}
            done.append((file.path, sums.rows, totals))
        rows = sum(sums.rows for sums in self.sums.values())
        return [*done, (self._workbook.close(), rows, {})]
