"""The formulas of the workbook's summary: they compute figures from the other sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.finance.rules.figures import Source, SummaryFigure
from chalicelib.finance.rules.printed import WORD, Printed
from chalicelib.finance.rules.sheets import DAY_ORDERS, ORDERS
from chalicelib.finance.rules.wording import word_for

# Figures count these as positive; in the workbook money or points that go out are below 0.
GOES_OUT = {
    "points_spent",
    "cash_back",
    "cost_of_goods",
    "cost_borne_by_points",
    "points_with_known_cost",
    "fees",
    "redeemed",
    "expired",
    "credit",
}
# A figure of orders is the sum of a column of the workbook's orders.
_OF_ORDERS = {
    "points_spent": "points_spent", "points_back": "points_back", "cash_paid": "cash_paid",
    "cash_back": "cash_back", "cost_of_goods": "cost", "cost_borne_by_points": "points_cost",
    "points_with_known_cost": "costed_points",
}  # fmt: skip


class Ranges(NamedTuple):
    """The cells of a sheet's lines: `rows` rows below its head."""

    printed: Printed
    title: str
    rows: int

    def has(self, column: str) -> bool:
        return any(each.name == column for each in self.printed.columns)

    def cells(self, column: str) -> str:
        letter = chr(ord("A") + self.printed.at(column))
        return f"'{self.title}'!${letter}$2:${letter}${self.rows + 1}"


# By sheet: a sheet without lines is absent; a sheet that holds only some of its lines is None.
Places = Mapping[str, Ranges | None]


def shown_value(told: SummaryFigure) -> int:
    """A figure with the workbook's sign."""
    value = told.figure.value
    return -value if told.figure.name in GOES_OUT else value


def formula(told: SummaryFigure, places: Places, language: str) -> str | None:
    """The formula of `shown_value`; None if the workbook does not hold all of its lines."""
    terms: list[str] = []
    for source in told.sources:
        name = DAY_ORDERS.name if source.sheet is ORDERS else source.sheet.name
        if name not in places:
            continue
        place = places[name]
        if place is None:
            return None
        if source.sheet is ORDERS:
            return f"SUM({place.cells(_OF_ORDERS[told.figure.name])})"
        if place.has(source.column):
            terms += _terms(source, place, told, language)
    return "+".join(terms) or None


def _terms(source: Source, place: Ranges, told: SummaryFigure, language: str) -> list[str]:
    column = place.printed.columns[place.printed.at(source.column)]
    turned = -1 if told.figure.name in GOES_OUT else 1
    assert source.sign * column.sign * turned == 1, "one sign holds in lines and figures"
    summed = place.cells(source.column)
    if source.side:
        return [f'SUMIF({summed},"{">" if source.side > 0 else "<"}0")']
    if not source.groups:
        return [f"SUM({summed})"]
    return [f"SUMIFS({summed},{_wanted(group, place, language)})" for group in source.groups]


def _wanted(group: tuple[str, ...], place: Ranges, language: str) -> str:
    """The criteria of a group, in the words of its columns."""
    found = []
    for name, code in zip(place.printed.sheet.groups, group, strict=True):
        column = place.printed.columns[place.printed.at(name)]
        assert column.kind == WORD, "groups are told in words"
        found.append(f'{place.cells(name)},"{word_for(column.codes, code, language)}"')
    return ",".join(found)
