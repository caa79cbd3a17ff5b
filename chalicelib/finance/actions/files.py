"""The files of a settlement: CSV files with every line, and a workbook.

Lines go to disk one by one, so a day of any size takes the same memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from chalicelib.finance.actions.workbook import About, write_workbook
from chalicelib.finance.rules.figures import SUMMARY_COLUMNS, SummaryFigure, summary_row
from chalicelib.finance.rules.printed import PRINTED
from chalicelib.finance.rules.sheets import DAY_ORDERS, SHEETS, Sheet, Sums
from chalicelib.kernel.csv_cells import CsvWriter, Row

SUMMARY, MANIFEST = "summary", "manifest.json"
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


class Kept:
    """The first `most` lines of a sheet, stored on disk until the workbook is written."""

    def __init__(self, folder: Path, sheet: Sheet, most: int) -> None:
        self._path, self._most = folder / f"{sheet.name}.lines", most
        self._file: IO[bytes] = self._path.open("wb")
        self.sums = Sums(sheet)
        self.has_more = False

    def add(self, row: Row) -> None:
        if self.sums.rows == self._most:
            self.has_more = True
            return
        self.sums.add(row)
        self._file.write(msgspec.json.encode(row) + b"\n")

    def rows(self) -> Iterator[Row]:
        """The lines in the order of `add`."""
        self._file.flush()
        decode = msgspec.json.Decoder(tuple[str | int, ...]).decode
        with self._path.open("rb") as file:
            yield from map(decode, file)

    def close(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


class SettlementFiles:
    """All files of a settlement, open for writing."""

    def __init__(self, folder: Path, about: About) -> None:
        self.folder, self._about = folder, about
        self.sums = {sheet.name: Sums(sheet) for sheet in SHEETS}
        self._files = {sheet.name: CsvFile(folder, sheet.name, sheet.columns) for sheet in SHEETS}
        most = about.layout.most_rows
        self._kept = {each.name: Kept(folder, each.sheet, most) for each in PRINTED}

    def close(self) -> None:
        """Close the files, finished or not."""
        for file in self._files.values():
            file.close()
        for lines in self._kept.values():
            lines.close()

    def add(self, sheet: Sheet, row: Row) -> None:
        """Write a line to its file, store it for its sheet, and add it to the sums."""
        self.sums[sheet.name].add(row)
        self._files[sheet.name].write(row)
        if sheet.name in self._kept:
            self._kept[sheet.name].add(row)

    def finish(
        self, told: Sequence[SummaryFigure], orders: Iterator[Row], has_more: bool
    ) -> list[Written]:
        """Write the summary and the workbook, close all files, and list them.

        `orders` are the rows of the workbook's sheet of orders; `has_more` is true if it leaves
        some out.
        """
        summary = CsvFile(self.folder, SUMMARY, SUMMARY_COLUMNS)
        for each in told:
            summary.write(summary_row(each))
        summary.close()
        done: list[Written] = [(summary.path, len(told), {})]
        for name, file in self._files.items():
            file.close()
            sums = self.sums[name]
            totals = {column: sums.total(column) for column in sums.sheet.numbers}
            done.append((file.path, sums.rows, totals))
        kept = self._kept[DAY_ORDERS.name]
        for row in orders:
            kept.add(row)
        kept.has_more = has_more
        rows = sum(sums.rows for sums in self.sums.values())
        return [*done, (write_workbook(self.folder, self._about, told, self._kept), rows, {})]
