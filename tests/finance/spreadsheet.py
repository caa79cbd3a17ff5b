"""Reads a workbook like a spreadsheet: it computes formulas from cells."""

from __future__ import annotations

import io
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl

Cells = list[Any]
_RANGE = re.compile(r"(?:'([^']+)'!)?\$?([A-Z])\$?(\d+):\$?[A-Z]\$?(\d+)")
_CELL = re.compile(r"(?<![\w\"'])([A-Z])(\d+)(?![\w(])")


class Spreadsheet:
    """Formulas and their stored values."""

    def __init__(self, raw: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(raw))
        self.shown = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)

    @property
    def names(self) -> list[str]:
        return list(self.book.sheetnames)

    def formulas(self) -> list[tuple[str, str, str]]:
        """All of them: (sheet, cell, formula)."""
        return [
            (sheet.title, cell.coordinate, cell.value)
            for sheet in self.book
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]

    def kept(self, sheet: str, cell: str) -> Any:
        return self.shown[sheet][cell].value

    def computed(self, sheet: str, formula: str) -> Any:
        """The value of a formula of ours, as a spreadsheet computes it."""
        text = _RANGE.sub(
            lambda m: (
                f"cells({m[1] or sheet!r},{m[2]!r},{m[3]},{m[4]})"
                if m[1] is None
                else f"cells({m[1]!r},{m[2]!r},{m[3]},{m[4]})"
            ),
            formula.removeprefix("="),
        )
        text = _CELL.sub(lambda m: f"cells({sheet!r},{m[1]!r},{m[2]},{m[2]})[0]", text)
        text = re.sub(r"(?<![<>=])=(?!=)", "==", text) if text.startswith("IF(") else text
        known = {
            "cells": self._cells,
            "SUM": _sum,
            "ROUND": _round,
            "IF": lambda a, b, c: b if a else c,
            "SUMIF": _sumif,
            "SUMIFS": _sumifs,
            "SUBTOTAL": lambda _, cells: _sum(cells),
        }
        return eval(text, {"__builtins__": {}}, known)

    def _cells(self, sheet: str, column: str, first: int, last: int) -> Cells:
        found = []
        for at in range(first, last + 1):
            value = self.book[sheet][f"{column}{at}"].value
            is_formula = isinstance(value, str) and value.startswith("=")
            found.append(self.computed(sheet, value) if is_formula else value)
        return found

    def lines(self, sheet: str) -> list[dict[str, Any]]:
        """The lines of a sheet by their heads, without the total."""
        rows = list(self.shown[sheet].iter_rows(values_only=True))
        heads = [str(head) for head in rows[0]]
        lines = [dict(zip(heads, row, strict=True)) for row in rows[1:]]
        return lines[:-1] if rows[-1][0] in ("合计", "Total") else lines

    def table(self, title: str) -> dict[str, list[Any]]:
        """The rows below a title of the first sheet: {first cell: the others}."""
        rows = list(self.shown[self.names[0]].iter_rows(values_only=True))
        [began] = [at for at, row in enumerate(rows) if row[0] == title]
        found = {}
        for row in rows[began + 2 :]:
            if row[0] is None:
                break
            found[row[0]] = list(row[1:])
        return found


def _numbers(cells: Cells) -> list[float]:
    return [each for each in cells if isinstance(each, int | float)]


def _sum(cells: Cells) -> float:
    return sum(_numbers(cells))


def _round(value: float, digits: int) -> float:
    """As spreadsheets do: halves away from 0."""
    return float(Decimal(repr(value)).quantize(Decimal(10) ** -digits, ROUND_HALF_UP))


def _sumif(cells: Cells, wanted: str) -> float:
    assert wanted in (">0", "<0")
    return sum(n for n in _numbers(cells) if (n > 0 if wanted == ">0" else n < 0))


def _sumifs(summed: Cells, *criteria: Any) -> float:
    pairs = list(zip(criteria[::2], criteria[1::2], strict=True))
    return sum(
        number
        for at, number in enumerate(summed)
        if all(cells[at] == wanted for cells, wanted in pairs)
    )
