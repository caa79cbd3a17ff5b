"""Lines of a cart, and their terms as discounts lower them. All cash is in minor units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

MICROS = 1_000_000


class Line(NamedTuple):
    """So many units of a SKU, and what one unit costs on the list, at the member's tier: `points`,
    at least `least_points` of them in points, and `cash` besides; `equivalent` cash replaces all
    points (None: no cash does). `categories` are that of the product and all above it."""

    sku: str
    product_id: str
    quantity: int
    points: int = 0
    least_points: int = 0
    cash: int = 0
    equivalent: int | None = None
    categories: tuple[str, ...] = ()
    brand: str | None = None


class LineTerms(NamedTuple):
    """What all units of a line cost together: see `Line`."""

    quantity: int
    points: int
    least: int
    cash: int = 0
    equivalent: int | None = None

    @classmethod
    def of(cls, line: Line) -> LineTerms:
        units = line.quantity
        whole = None if line.equivalent is None else line.equivalent * units
        return cls(units, line.points * units, line.least_points * units, line.cash * units, whole)

    def cash_beside(self, paid: int) -> int:
        """The cash of the line beside these points, rounded up."""
        if not self.points:
            return self.cash
        return self.cash - (-(self.equivalent or 0) * (self.points - paid) // self.points)


def part(amount: int, quantity: int, before: int, more: int) -> int:
    """The share of `more` units of a line of `quantity`, after the share of `before` units.

    Shares of all units sum to the amount exactly.
    """
    return amount * (before + more) // quantity - amount * before // quantity


class Cut(NamedTuple):
    """What a discount takes from the terms of the line at a place."""

    at: int
    points: int = 0
    cash: int = 0
    equivalent: int = 0


class _Bundled(NamedTuple):
    """The units of a line that are in bundles, and its terms before the first of them."""

    units: int
    terms: LineTerms


def saved_by(cuts: Iterable[Cut], lines: Sequence[Line], worth: int) -> int:
    """What cuts are worth: cash, and points as cash would replace them. Where no cash does, a point
    is worth so many millionths of a minor unit."""
    saved = 0
    for cut in cuts:
        has_cash = lines[cut.at].equivalent is not None
        saved += cut.cash + (cut.equivalent if has_cash else cut.points * worth // MICROS)
    return saved


class Basket:
    """The terms of a cart's lines, which cuts lower one after the other."""

    __slots__ = ("_bundled", "terms")

    def __init__(self, terms: Iterable[LineTerms]) -> None:
        self.terms = list(terms)
        self._bundled: dict[int, _Bundled] = {}

    def copy(self) -> Basket:
        """The same, which changes apart."""
        made = Basket(self.terms)
        made._bundled = dict(self._bundled)
        return made

    def unbundled(self, at: int) -> int:
        """The units of a line that are in no bundle."""
        found = self._bundled.get(at)
        return self.terms[at].quantity - (found.units if found else 0)

    def price_of(self, at: int, units: int) -> tuple[int, int]:
        """The points and the cash of so many units of a line that are in no bundle, as they were
        before the first bundle."""
        found = self._bundled.get(at)
        before, terms = found if found else (0, self.terms[at])
        if units == terms.quantity:
            return terms.points, terms.cash
        return (
            part(terms.points, terms.quantity, before, units),
            part(terms.cash, terms.quantity, before, units),
        )

    def bundle(self, used: Iterable[tuple[int, int]]) -> None:
        """Count these units of lines as those of a bundle."""
        for at, units in used:
            found = self._bundled.get(at) or _Bundled(0, self.terms[at])
            self._bundled[at] = found._replace(units=found.units + units)

    def cut(self, at: int, points: int, cash: int) -> Cut:
        """A cut of points and cash; the cash that replaces points falls in proportion to them."""
        terms = self.terms[at]
        less = terms.equivalent * points // terms.points if terms.equivalent and points else 0
        return Cut(at, points, cash, less)

    def take(self, cuts: Iterable[Cut]) -> None:
        """Lower the terms by these cuts."""
        for cut in cuts:
            units, points, least, cash, equivalent = self.terms[cut.at]
            points -= cut.points
            self.terms[cut.at] = LineTerms(
                units,
                points,
                min(least, points),
                cash - cut.cash,
                None if equivalent is None else equivalent - cut.equivalent,
            )

    def points_of(self, places: Sequence[int]) -> int:
        return sum([self.terms[at].points for at in places])

    def cash_of(self, places: Sequence[int]) -> int:
        """The cash of lines if all their points are paid in cash."""
        return sum([self.terms[at].cash + (self.terms[at].equivalent or 0) for at in places])
