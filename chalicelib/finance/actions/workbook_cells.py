"""The cells of the workbook: numbers, formats, widths."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from chalicelib.finance.rules.printed import (
    BALANCE,
    COUNT,
    DATE,
    LEG,
    LINES,
    MEMBER,
    MINUTE,
    MONEY,
    QUANTITY,
    SOURCE,
    TEXT,
    TIME,
    WHOLE,
    WORD,
    Column,
)
from chalicelib.finance.rules.wording import word_for
from chalicelib.kernel.csv_cells import Cell
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import digits_of, major
from chalicelib.ledger import REBATE_CASH

# Wider text wraps, or is cut off by the next cell.
_WIDEST, _MARGIN = 46, 3
# Source: Excel's specifications, the most that a row is tall, in points.
_ROW, _TALLEST = 16, 409
# Source: Excel's specifications, characters of a cell.
_LONGEST = 32_767
_FORMATS = {TIME: "yyyy-mm-dd hh:mm:ss", MINUTE: "yyyy-mm-dd hh:mm", DATE: "yyyy-mm-dd"}
# Source: Excel's specifications, the first date; earlier dates are written as text.
_FIRST_DAY = "1900-01-01"
_NUMBERS = (MONEY, LEG, BALANCE, WHOLE, COUNT)
_MONEY_KINDS, _SIDED = (MONEY, LEG, BALANCE), (LEG, BALANCE)
_LINE = {"bottom": 1, "bottom_color": "#D9D9D9", "valign": "vcenter"}
# Sources whose id alone names their kind.
_NUMBERED = {"order": "", "withdrawal": "", "adjustment": "adj_", "transfer": "trf_"}
_GIVER = Words("赠送人 {member}", "From {member}")
_UNIT = Words("（{unit}）", " ({unit})")


class Pen:
    """Writes cells in one language and currency; money is minor units, shown in whole ones."""

    def __init__(self, book: Any, language: str, currency: str) -> None:
        self._book, self.language, self.currency = book, language, currency
        self.digits = digits_of(currency)
        self._made: dict[tuple[Any, ...], Any] = {}
        self._of_lines: dict[str, Any] = {}
        self.of_head = self._format(
            bold=True,
            bg_color="#DDEBF7",
            border=1,
            border_color="#BFBFBF",
            text_wrap=True,
            align="center",
            valign="vcenter",
        )
        self.of_total = self._format(bold=True, top=1)
        self.of_title = self._format(bold=True, font_size=16)
        self.of_section = self._format(bold=True, font_size=12)
        self.of_note = self._format(text_wrap=True, valign="top")
        self.of_text = self._format(valign="vcenter")
        self.of_aside = self._format(valign="vcenter", indent=1)

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def say(self, words: Words, **facts: Any) -> str:
        return words.in_language(self.language, **facts)

    @property
    def currency_word(self) -> str:
        is_yuan = self.currency == "CNY" and self.language != "en"
        return "元" if is_yuan else self.currency

    def head(self, column: Column) -> str:
        """A column's head, with the currency above money."""
        words = self.say(column.head)
        return words + self.unit_of_money if column.kind in _MONEY_KINDS else words

    @property
    def unit_of_money(self) -> str:
        """The unit behind a head of money."""
        return self.say(_UNIT, unit=self.currency_word)

    def of_fraction(self, digits: int) -> Any:
        """The format of a number with so many digits that all of them matter."""
        return self._format(num_format=f"0.{'0' * digits}")

    def number_format(self, kind: str, digits: int | None = None) -> str:
        """The number format of a kind: negative numbers in red, legs with their side."""
        digits = self.digits if digits is None else digits
        zeros = "." + "0" * digits if digits and kind in _MONEY_KINDS else ""
        plain = f"#,##0{zeros}"
        if kind == COUNT:
            return plain
        if kind not in _SIDED:
            return f'{plain};[Red]-{plain};"-"'
        if self.language == "en":
            return f'{plain} "Dr";{plain} "Cr";"-"'
        return f'"借" {plain};"贷" {plain};"{"平" if kind == BALANCE else "-"}"'

    def amount(self, minor: int) -> int | float:
        """Minor units in whole units: the nearest float, as ROUND gives."""
        return minor / 10**self.digits if self.digits else minor

    def of_kind(self, kind: str, **more: Any) -> Any:
        """The format of a number or a time."""
        shown = _FORMATS.get(kind) or self.number_format(kind)
        return self._format(num_format=shown, **more)

    def number(self, kind: str, value: int) -> int | float:
        return self.amount(value) if kind in _MONEY_KINDS else value

    def write(self, sheet: Any, row: int, at: int, column: Column, value: Cell, unit: str) -> None:
        """Write a value of a line; an empty value gives an empty cell."""
        if value == "":
            sheet.write_blank(row, at, None, self._of_line(TEXT))
        elif isinstance(value, int):
            kind, number = self._number(column, value, unit)
            sheet.write_number(row, at, self.number(kind, number), self._of_line(kind))
        elif column.kind in _FORMATS and value >= _FIRST_DAY:
            moment = _moment(column.kind, value)
            sheet.write_datetime(row, at, moment, self._of_line(column.kind))
        else:
            kind = TEXT if column.kind in _FORMATS else column.kind
            sheet.write_string(row, at, self.text(column, value), self._of_line(kind))

    def _of_line(self, kind: str) -> Any:
        """The format of a kind of cell in the lines."""
        if kind not in self._of_lines:
            if kind in _FORMATS:
                form = self.of_kind(kind, align="left", indent=1, **_LINE)
            elif kind in _NUMBERS:
                form = self.of_kind(kind, **_LINE)
            else:
                form = self._format(text_wrap=kind == LINES, indent=1, **_LINE)
            self._of_lines[kind] = form
        return self._of_lines[kind]

    def _number(self, column: Column, value: int, unit: str) -> tuple[str, int]:
        kind = column.kind
        if kind == QUANTITY:
            kind = MONEY if unit == REBATE_CASH else WHOLE
        return kind, value * column.sign

    def text(self, column: Column, value: str) -> str:
        """The accountant's text for a value."""
        if column.kind == WORD:
            return word_for(column.codes, value, self.language)
        if column.kind == MEMBER:
            return value.partition(":")[0]
        if column.kind == SOURCE:
            return self._source(value)
        return value[:_LONGEST]

    def _source(self, value: str) -> str:
        """The id alone of a source of ours; a partner's source stays as it is."""
        prefix, colon, name = value.partition(":")
        if not colon:
            return word_for("source", value, self.language)
        if prefix == "member" and name.startswith("mbr_"):
            return self.say(_GIVER, member=name)
        begins = _NUMBERED.get(prefix)
        return name if begins is not None and name.startswith(begins) else value

    def total(self, sheet: Any, row: int, at: int, column: Column, told: tuple[str, int]) -> None:
        """Write a sum below its column; `told` is (formula, value)."""
        formula, value = told
        shown = self.number(column.kind, value)
        if column.kind in _MONEY_KINDS:
            formula = f"ROUND({formula},{self.digits})"
        form = self.of_kind(column.kind, bold=True, top=1)
        sheet.write_formula(row, at, f"={formula}", form, shown)

    def column_width(self, head: str, widest: int) -> int:
        """The width of the widest cell; heads wrap, and have room for the filter's button."""
        return min(max(widest, _text_width(head) * 3 // 4 + 1, 6), _WIDEST) + _MARGIN

    def height(self, cells: Iterable[tuple[Column, Cell, str]]) -> int:
        """The height of a row in points: not every spreadsheet computes it."""
        texts = (str(value) for column, value, _ in cells if column.kind == LINES)
        rows = (
            sum(-(-_text_width(line) // (_WIDEST + _MARGIN)) or 1 for line in text.split("\n"))
            for text in texts
        )
        return min(_ROW * max(rows, default=1), _TALLEST)

    def width(self, column: Column, value: Cell, unit: str) -> int:
        """The width of a value in characters."""
        if column.kind in _FORMATS:
            return len(_FORMATS[column.kind])
        if isinstance(value, int):
            kind, number = self._number(column, value, unit)
            shown = major(number, self.currency) if kind in _MONEY_KINDS else str(number)
            return len(shown) * 4 // 3 + (3 if kind in _SIDED else 0)
        return max(_text_width(line) for line in self.text(column, value).split("\n"))


def _moment(kind: str, text: str) -> date | datetime:
    if kind == DATE:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _text_width(text: str) -> int:
    """The width of a text in characters; Chinese characters count twice."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
