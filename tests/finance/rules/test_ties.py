"""When a day settles, and whether its lines tie to independent totals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.finance.errors import SettlementDoesNotTie
from chalicelib.finance.rules import figures, lines, sheets
from chalicelib.finance.rules.settlements import check_ties, settles_at
from chalicelib.finance.rules.sheets import CLEARING, PAYMENTS, POINTS, Sums
from chalicelib.kernel.errors import NotFound
from chalicelib.ledger import DayTotals
from chalicelib.payments.rules.journal import CARRIERS, COD_COLLECTED, SALES, CashEntry, moved
from tests.finance.rules.making import AT_MS, DAY, ZONE, entry

pytestmark = pytest.mark.pure

# A carrier collected 500, and 800 points were redeemed.
BROUGHT = CashEntry(
    "cod:ord_1", COD_COLLECTED, "CNY", moved(500, CARRIERS, SALES), "order:ord_1", AT_MS, AT_MS
)
ACCOUNTS = {SALES: (0, 500), CARRIERS: (500, 0)}
TOTALS = {"points": DayTotals(DAY, "points", opening=2_000, redeemed=800, entries=1)}


def check(accounts: Any = ACCOUNTS, totals: Any = TOTALS, waiting: int = 500) -> None:
    """Check the day's lines; `waiting` is the sum of the lines of the carriers' account."""
    tallies = {sheet.name: Sums(sheet) for sheet in sheets.SHEETS}
    tallies[POINTS.name].add(lines.points_row(entry(), ZONE))
    tallies[PAYMENTS.name].add(lines.cash_row(BROUGHT, ZONE))
    tallies[CLEARING.name].add((CARRIERS, "order:ord_1", "CNY", waiting, "", "", 0, ""))
    told = list(figures.figures("CNY", tallies, {}, totals))
    check_ties(told, tallies, accounts, totals)


def test_a_day_whose_lines_are_its_totals_ties() -> None:
    check()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"accounts": ACCOUNTS | {SALES: (0, 501)}}, "'credit'.: the books say 501"),
        ({"accounts": ACCOUNTS | {SALES: (1, 500)}}, "'debit'.: the books say 1,"),
        ({"accounts": ACCOUNTS | {"elsewhere": (0, 0)}}, "elsewhere"),
        ({"totals": {"points": DayTotals(DAY, "points", redeemed=801, entries=1)}}, "redeemed"),
        ({"totals": {"points": DayTotals(DAY, "points", redeemed=800, entries=2)}},
         "points: not the 2 entries of the day"),
        ({"waiting": 499}, f"{CARRIERS}: its lines are not its balance"),
    ],
)  # fmt: skip
def test_a_day_whose_lines_differ_from_its_totals_does_not_tie(other: Any, said: str) -> None:
    with pytest.raises(SettlementDoesNotTie, match=said):
        check(**other)


def test_a_day_settles_half_an_hour_after_it_ends_in_the_programs_zone() -> None:
    assert settles_at(DAY, ZONE) == datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    assert settles_at(date(2028, 2, 28), UTC) == datetime(2028, 2, 29, 0, 30, tzinfo=UTC)


def test_the_last_possible_date_never_settles() -> None:
    with pytest.raises(NotFound):
        settles_at(date.max, ZONE)
