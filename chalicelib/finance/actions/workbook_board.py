"""A sheet written from top to bottom that remembers the cell of each number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from chalicelib.finance.actions.workbook_cells import Pen
from chalicelib.finance.rules.figures import SummaryFigure
from chalicelib.finance.rules.formulas import Places, formula, shown_value
from chalicelib.finance.rules.printed import WHOLE
from chalicelib.kernel.errors import Words

Key = tuple[str, str]
_NONE = Words("无", "None")


class NumberCell(NamedTuple):
    """A number and its cell; `cell` is None for a number of 0 that was left out."""

    cell: str | None
    value: int

    @property
    def term(self) -> str:
        return self.cell or "0"


class Board:
    """The current row of a sheet, and the places of all numbers by (section, figure)."""

    def __init__(self, pen: Pen, sheet: Any, places: Places) -> None:
        self.pen, self.sheet, self._places = pen, sheet, places
        self.row = 0
        self.found: dict[Key, NumberCell] = {}

    def note(self, words: str, columns: int, height: int) -> None:
        """Write a sentence over all columns."""
        self.sheet.set_row(self.row, height)
        self.sheet.merge_range(self.row, 0, self.row, columns - 1, words, self.pen.of_note)
        self.row += 1

    def section(self, title: Words, heads: Iterable[str]) -> None:
        """Write a title and the heads of a table, after an empty row."""
        self.row += 1
        self.sheet.write_string(self.row, 0, self.pen.say(title), self.pen.of_section)
        for at, head in enumerate(heads):
            self.sheet.write_string(self.row + 1, at, head, self.pen.of_head)
        self.row += 2

    def text(self, at: int, words: str, form: Any = None) -> None:
        self.sheet.write_string(self.row, at, words, form or self.pen.of_text)

    def none(self) -> None:
        """Write that a table has no rows."""
        self.text(0, self.pen.say(_NONE))
        self.row += 1

    def leave_out(self, told: Iterable[SummaryFigure]) -> None:
        """Register figures that may not get a cell."""
        for each in told:
            key = (each.figure.section, each.figure.name)
            self.found[key] = NumberCell(None, shown_value(each))

    def figure(
        self, at: int, kind: str, told: SummaryFigure, computed: str | None = None, **more: Any
    ) -> None:
        """Write a figure by `computed` or by the formula of its lines, and remember its cell."""
        computed = computed or formula(told, self._places, self.pen.language)
        key = (told.figure.section, told.figure.name)
        self.found[key] = self.number(at, kind, shown_value(told), computed, **more)

    def number(
        self, at: int, kind: str, value: int, computed: str | None, **more: Any
    ) -> NumberCell:
        """Write a number, by a formula if there is one; money is rounded to its minor unit."""
        form, shown = self.pen.of_kind(kind, **more), self.pen.number(kind, value)
        if computed is None:
            self.sheet.write_number(self.row, at, shown, form)
        else:
            rounded = computed if kind == WHOLE else f"ROUND({computed},{self.pen.digits})"
            self.sheet.write_formula(self.row, at, f"={rounded}", form, shown)
        return NumberCell(f"{chr(ord('A') + at)}{self.row + 1}", value)


def by_name(told: Iterable[SummaryFigure]) -> Mapping[Key, SummaryFigure]:
    return {(each.figure.section, each.figure.name): each for each in told}
