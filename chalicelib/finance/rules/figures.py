"""The summary of a settlement: each figure with the lines that add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from chalicelib.finance.rules import sheets
from chalicelib.finance.rules.sheets import CASH_SHEETS, FEES, ORDERS, POINTS, Sheet, Sums
from chalicelib.kernel.csv_cells import Row
from chalicelib.kernel.money import major
from chalicelib.ledger import DayTotals
from chalicelib.payments import journal

MICRO_DIGITS = 6
MICROS = 10**MICRO_DIGITS
MONEY, MICRO_MONEY, NUMBER = "money", "micro_money", "number"
FLOWS = ("accrued", "redeemed", "expired", "transferred", "adjusted", "written_off")
# Totals count redeemed and expired points as positive; in the lines they are negative.
_SIGNS = {"redeemed": -1, "expired": -1}
SUMMARY_COLUMNS = ("section", "figure", "unit", "value", "value_text", "lines", "is_the_sum_of")


class Source(NamedTuple):
    """The source of a figure: `sign` x the sum of a sheet's column over `groups` (all if empty).

    `side` 1 sums the numbers above 0, -1 those below 0, 0 both.
    """

    sheet: Sheet
    column: str
    groups: tuple[tuple[str, ...], ...] = ()
    sign: int = 1
    side: int = 0


class Figure(msgspec.Struct, frozen=True):
    """A number of the summary; `unit` is a currency, a unit of points, or the thing counted."""

    section: str
    name: str
    unit: str
    value: int
    lines: int = 0


class SummaryFigure(NamedTuple):
    """A figure as the summary shows it: the sum of its `sources`, or of the figures in `parts`.

    `parts` names figures above it; a minus before a name subtracts. Without both the figure is
    brought forward or computed.
    """

    figure: Figure
    kind: str
    sources: tuple[Source, ...] = ()
    parts: str = ""


class AccountDay(msgspec.Struct, frozen=True):
    """An account on a day, in minor units: closing = `opening + debit - credit`."""

    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        return self.opening + self.debit - self.credit


Tallies = Mapping[str, Sums]


def figures(
    currency: str, tallies: Tallies, openings: Mapping[str, int], units: Mapping[str, DayTotals]
) -> Iterator[SummaryFigure]:
    """The summary in its order; `openings` are the accounts' balances brought forward."""
    yield from _orders(currency, tallies)
    for section, name, sheet, types in _MOVEMENTS:
        yield _summed(section, name, currency, tallies, _typed(sheet, types))
    yield _summed("fees", "fees", currency, tallies, Source(FEES, "fee"))
    for account in journal.ACCOUNTS:
        yield from _account(account, currency, tallies, openings.get(account, 0))
    for unit, totals in units.items():
        yield from _unit(unit, totals, tallies)


_MOVEMENTS = (
    ("payments", "charges", sheets.PAYMENTS, (journal.CHARGE,)),
    ("payments", "collected_on_delivery", sheets.PAYMENTS, (journal.COD_COLLECTED,)),
    ("payments", "uncollected_on_delivery", sheets.PAYMENTS, (journal.COD_UNCOLLECTED,)),
    ("refunds", "refunds", sheets.REFUNDS, (journal.REFUND,)),
    ("refunds", "refunds_failed", sheets.REFUNDS, (journal.REFUND_FAILED,)),
    ("disputes", "disputes", sheets.DISPUTES, (journal.DISPUTE,)),
    ("disputes", "disputes_won", sheets.DISPUTES, (journal.DISPUTE_WON,)),
    ("payouts", "payouts", sheets.PAYOUTS, (journal.PAYOUT, journal.PAYOUT_FAILED)),
    ("payouts", "remitted_by_carriers", sheets.PAYOUTS, (journal.COD_REMITTED,)),
    ("withdrawals", "withdrawals", sheets.PAYOUTS, (journal.WITHDRAWAL, journal.WITHDRAWAL_FAILED)),
)


def _typed(sheet: Sheet, types: tuple[str, ...]) -> Source:
    return Source(sheet, "amount", tuple((each,) for each in types))


def _orders(currency: str, tallies: Tallies) -> Iterator[SummaryFigure]:
    orders = tallies[ORDERS.name]
    spent, back = (("redemption",), ("capture",)), (("reversal",),)
    yield _summed("orders", "points_spent", "points", tallies, Source(ORDERS, "points", spent))
    yield _summed("orders", "points_back", "points", tallies, Source(ORDERS, "points", back, -1))
    paid, refunded = Source(ORDERS, "cash", side=1), Source(ORDERS, "cash", sign=-1, side=-1)
    yield _summed("orders", "cash_paid", currency, tallies, paid)
    yield _summed("orders", "cash_back", currency, tallies, refunded)
    yield _summed("orders", "cost_of_goods", currency, tallies, Source(ORDERS, "cost"))
    cost, points = Source(ORDERS, "points_cost"), Source(ORDERS, "costed_points")
    yield _summed("orders", "cost_borne_by_points", currency, tallies, cost)
    yield _summed("orders", "points_with_known_cost", "points", tallies, points)
    micros = micros_per_point(orders.total("points_cost"), orders.total("costed_points"))
    name = "cost_per_point_in_millionths"
    yield SummaryFigure(Figure("orders", name, currency, micros or 0), MICRO_MONEY)


def micros_per_point(cost: int, points: int) -> int | None:
    """Millionths of a minor unit that a point costs, rounded down; None without any point."""
    return cost * MICROS // points if points > 0 else None


def _account(
    account: str, currency: str, tallies: Tallies, opening: int
) -> Iterator[SummaryFigure]:
    both = tuple(Source(sheet, account, side=1) for sheet in CASH_SHEETS)
    credits = tuple(Source(sheet, account, sign=-1, side=-1) for sheet in CASH_SHEETS)
    yield SummaryFigure(Figure(account, "opening", currency, opening), MONEY)
    debit = _summed(account, "debit", currency, tallies, *both)
    credit = _summed(account, "credit", currency, tallies, *credits)
    yield debit
    yield credit
    closing = opening + debit.figure.value - credit.figure.value
    yield SummaryFigure(
        Figure(account, "closing", currency, closing), MONEY, parts="opening debit -credit"
    )


def _unit(unit: str, totals: DayTotals, tallies: Tallies) -> Iterator[SummaryFigure]:
    section = f"ledger:{unit}"
    yield SummaryFigure(Figure(section, "opening", unit, totals.opening), NUMBER)
    for flow in FLOWS:
        source = Source(POINTS, "change", ((unit, flow),), _SIGNS.get(flow, 1))
        yield _summed(section, flow, unit, tallies, source)
    parts = "opening accrued -redeemed -expired transferred adjusted written_off"
    yield SummaryFigure(Figure(section, "closing", unit, totals.outstanding), NUMBER, parts=parts)
    yield SummaryFigure(Figure(section, "in_escrow", unit, totals.in_escrow), NUMBER)


def _summed(
    section: str, name: str, unit: str, tallies: Tallies, *sources: Source
) -> SummaryFigure:
    found = [_sum(source, tallies[source.sheet.name]) for source in sources]
    value, count = sum(value for value, _ in found), sum(count for _, count in found)
    kind = MONEY if unit.isupper() else NUMBER
    return SummaryFigure(Figure(section, name, unit, value, count), kind, sources)


def _sum(source: Source, sums: Sums) -> tuple[int, int]:
    """The sum of a source and the number of its lines."""
    groups = source.groups or None
    if source.side:
        assert groups is None, "one side of a column is that of all lines"
        value, count = {1: sums.above, -1: sums.below}[source.side][source.column]
    else:
        value, count = sums.total(source.column, groups), sums.count(groups)
    return source.sign * value, count


def summary_row(told: SummaryFigure) -> Row:
    """The row of a figure in the summary."""
    figure = told.figure
    return (
        figure.section,
        figure.name,
        figure.unit,
        figure.value,
        _text(told),
        figure.lines,
        explanation(told),
    )


def _text(told: SummaryFigure) -> str:
    value, unit = told.figure.value, told.figure.unit
    if told.kind == NUMBER:
        return str(value)
    return major(value, unit, MICRO_DIGITS if told.kind == MICRO_MONEY else 0)


def explanation(told: SummaryFigure) -> str:
    """The lines that add up to a figure, in words."""
    if told.parts:
        return told.parts.replace(" -", " minus ").replace(" ", " + ").replace("+ minus +", "-")
    alike: dict[tuple[str, str], list[str]] = {}
    for source in told.sources:
        alike.setdefault(_words(source), []).append(source.sheet.name)
    return "; ".join(
        f"{before}{' and '.join(sheets)} {after}" for (before, after), sheets in alike.items()
    )


def _words(source: Source) -> tuple[str, str]:
    sign = {1: "", -1: "minus "}[source.sign]
    side = {1: " above 0", -1: " below 0", 0: ""}[source.side]
    groups = " or ".join(" ".join(group) for group in source.groups)
    return sign, source.column + side + (f" of {groups}" if groups else "")
