"""A settlement's files from the books: every line of a day, in one pass.

The lines of a past day never change, so the same day always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path

import msgspec

from chalicelib import ledger
from chalicelib.finance.actions.day_orders import DayOrders, OrderTerms
from chalicelib.finance.actions.files import MANIFEST, SettlementFiles
from chalicelib.finance.actions.open_lines import OpenLines, clearing_row
from chalicelib.finance.actions.workbook import About
from chalicelib.finance.errors import SettlementDoesNotTie
from chalicelib.finance.queries.sold import find_sold_orders
from chalicelib.finance.rules import figures, lines
from chalicelib.finance.rules.figures import AccountDay, SummaryFigure
from chalicelib.finance.rules.printed import LAYOUT_VERSION, MOST_ROWS, Layout
from chalicelib.finance.rules.settlements import File, Manifest, OpenLine, check_ties
from chalicelib.finance.rules.sheets import CLEARING, FEES, ORDERS, POINTS, SHEET_OF
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.ledger import DayTotals, Entry
from chalicelib.payments import CashEntry, cash_entries_of, journal

Recorded = Entry | CashEntry
MOST_OPEN_LINES = 100
_AT_ONCE = 100


def layout() -> Layout:
    """The layout of workbooks under the current settings."""
    most = min(config().finance.settlement_sheet_rows, MOST_ROWS)
    return Layout(LAYOUT_VERSION, config().finance.books_language, most)


class BuildRequest(msgspec.Struct, frozen=True):
    """A day and a currency to build, with the inputs of the build.

    `openings` are the accounts' balances, `clearing` is the clearing.csv of the settlement before
    it, `totals` are the ledger's totals of the day by unit.
    """

    day: date
    currency: str
    folder: Path
    openings: Mapping[str, int] = msgspec.field(default_factory=dict)
    clearing: Path | None = None
    totals: Mapping[str, DayTotals] = msgspec.field(default_factory=dict)
    layout: Layout = msgspec.field(default_factory=layout)

    @property
    def is_home(self) -> bool:
        """Whether it is the program's own currency, which settles points too."""
        return self.currency == config().currency


class Built(msgspec.Struct, frozen=True):
    """Files on disk and their contents; `other_currencies` moved on the same day."""

    manifest: Manifest
    accounts: dict[str, AccountDay]
    open_lines: tuple[OpenLine, ...]
    open_count: int
    other_currencies: frozenset[str]


def build(asked: BuildRequest, progress: Callable[[int], None] = lambda _: None) -> Built:
    """Write all files of a day and a currency into the folder; `progress` gets counts of lines.

    Raises SettlementDoesNotTie.
    """
    build = _Build(asked, progress)
    try:
        return build.run()
    finally:
        build.close()


class _Build:
    def __init__(self, asked: BuildRequest, progress: Callable[[int], None]) -> None:
        self._asked, self._progress = asked, progress
        self._zone = config().time_zone
        about = About(asked.day, asked.currency, str(self._zone), asked.layout)
        self._books = SettlementFiles(asked.folder, about)
        self._orders = DayOrders(asked.folder, asked.layout.most_rows)
        self._open = OpenLines(asked.folder, asked.day)
        self._accounts: dict[str, list[int]] = {}
        self._others: set[str] = set()

    def close(self) -> None:
        self._books.close()
        self._orders.close()
        self._open.close()

    def run(self) -> Built:
        asked = self._asked
        if asked.clearing:
            self._open.bring_forward(asked.clearing)
        movements = self._movements()
        while some := tuple(islice(movements, _AT_ONCE)):
            self._write(some)
            self._progress(len(some))
        for line in self._open.all():
            self._books.add(CLEARING, clearing_row(line, asked.currency, asked.day))
        told = list(figures.figures(asked.currency, self._books.sums, asked.openings, asked.totals))
        check_ties(told, self._books.sums, self._accounts, asked.totals)
        return self._finish(told)

    def _movements(self) -> Iterator[Recorded]:
        """All movements of the day in the order of recording; points first at the same instant."""
        both = heapq.merge(
            self._points(), cash_entries_of(self._asked.day), key=lambda each: each.recorded_at_ms
        )
        for each in both:
            if isinstance(each, CashEntry) and each.currency != self._asked.currency:
                self._others.add(each.currency)
            else:
                yield each

    def _points(self) -> Iterator[Recorded]:
        if self._asked.is_home:
            yield from ledger.recorded_on(self._asked.day)

    def _write(self, some: tuple[Recorded, ...]) -> None:
        of_orders = [each for each in some if _is_of_order(each)]
        ids = {lines.order_of(each.source) for each in of_orders} - {None}
        sold = find_sold_orders(filter(None, ids)) if ids else {}
        for each in some:
            if isinstance(each, CashEntry):
                self._add_cash(each)
            else:
                self._books.add(POINTS, lines.points_row(each, self._zone))
        for each in of_orders:
            known = sold.get(lines.order_of(each.source) or "")
            if isinstance(each, CashEntry):
                row, member = lines.sale_row(each, known, self._zone), ""
            else:
                row = lines.redemption_row(each, known, self._asked.currency, self._zone)
                member = each.account_id.partition(":")[0]
            self._books.add(ORDERS, row)
            self._orders.add(row, known, member)

    def _add_cash(self, entry: CashEntry) -> None:
        if entry.type not in SHEET_OF:
            raise SettlementDoesNotTie(f"{entry.reference}: nobody knows a {entry.type}")
        self._books.add(SHEET_OF[entry.type], lines.cash_row(entry, self._zone))
        if entry.on(journal.FEES):
            self._books.add(FEES, lines.fee_row(entry, self._zone))
        self._open.add(entry)
        for leg in entry.postings:
            sides = self._accounts.setdefault(leg.account, [0, 0])
            sides[0 if leg.amount > 0 else 1] += abs(leg.amount)

    def _finish(self, told: list[SummaryFigure]) -> Built:
        asked = self._asked
        end_ms = to_ms(clock.end_of(asked.day))
        told_as = OrderTerms(end_ms, self._zone, asked.layout.language, asked.currency)
        orders = self._orders.all(told_as)
        written = self._books.finish(told, orders, self._orders.has_more)
        files = tuple(
            File(path.name, _sha256(path), path.stat().st_size, rows, totals)
            for path, rows, totals in written
        )
        numbers = tuple(each.figure for each in told)
        manifest = Manifest(
            asked.day, asked.currency, str(self._zone), files, numbers, asked.layout
        )
        (asked.folder / MANIFEST).write_bytes(manifest.text())
        accounts = {}
        for account in journal.ACCOUNTS:
            debit, credit = self._accounts.get(account, (0, 0))
            accounts[account] = AccountDay(asked.openings.get(account, 0), debit, credit)
        return Built(
            manifest,
            accounts,
            self._open.oldest(MOST_OPEN_LINES),
            self._books.sums[CLEARING.name].rows,
            frozenset(self._others),
        )


def _is_of_order(moved: Recorded) -> bool:
    if isinstance(moved, CashEntry):
        return bool(moved.on(journal.SALES))
    return lines.is_redemption(moved)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
