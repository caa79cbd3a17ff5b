"""Settlements of days: when a day settles, whether its lines tie, its files and their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

import msgspec

from chalicelib.finance.errors import SettlementDoesNotTie
from chalicelib.finance.rules.figures import FLOWS, AccountDay, Figure, SummaryFigure, Tallies
from chalicelib.finance.rules.printed import Layout
from chalicelib.finance.rules.sheets import CASH_SHEETS, CLEARING, POINTS
from chalicelib.kernel.errors import NotFound
from chalicelib.ledger import DayTotals
from chalicelib.payments import journal

# Writes under way at midnight have ended by then, and indexes have caught up with their tables.
GRACE = timedelta(minutes=30)


class File(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file; `rows` counts its lines without the header, `totals` are the sums of its columns."""

    name: str
    sha256: str
    bytes: int
    rows: int
    totals: dict[str, int]


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """The files of a day and a currency; nothing in it depends on the time of writing.

    `workbook` is the layout of settlement.xlsx; None, and absent from the text, for the first
    layout. A new field has a default and is left out at that default, so that the digests of
    earlier releases' manifests do not change.
    """

    day: date
    currency: str
    time_zone: str
    files: tuple[File, ...]
    figures: tuple[Figure, ...]
    workbook: Layout | None = None

    @property
    def settlement_id(self) -> str:
        return settlement_id(self.day, self.currency)

    @property
    def movements(self) -> int:
        """The number of movements of points and money in its lines."""
        rows = {file.name: file.rows for file in self.files}
        return sum(rows[f"{sheet.name}.csv"] for sheet in (POINTS, *CASH_SHEETS))

    def text(self) -> bytes:
        """The bytes of manifest.json."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text()).hexdigest()

    @property
    def has_current_workbook(self) -> bool:
        """Whether its workbook has the current layout."""
        return self.workbook is not None and self.workbook.is_current

    def digest_of(self, name: str) -> str:
        return next(file.sha256 for file in self.files if file.name == name)

    def differs_in(self, other: Manifest) -> tuple[str, ...]:
        """The names of files whose bytes differ."""
        ours = {file.name: file.sha256 for file in self.files}
        theirs = {file.name: file.sha256 for file in other.files}
        names = sorted(ours.keys() | theirs.keys())
        return tuple(name for name in names if ours.get(name) != theirs.get(name))


class OpenLine(msgspec.Struct, frozen=True):
    """Money of one source in a clearing account since the day `opened_on`."""

    account: str
    source: str
    amount: int
    opened_on: date
    reference: str

    def age_days(self, day: date) -> int:
        return (day - self.opened_on).days


class Settlement(msgspec.Struct, frozen=True):
    """A settled day: its manifest, its accounts, and the oldest of `open_count` open lines.

    Open lines are those of clearing accounts when the day ended.
    """

    manifest: Manifest
    accounts: dict[str, AccountDay]
    open_lines: tuple[OpenLine, ...]
    open_count: int
    settled_at_ms: int

    @property
    def id(self) -> str:
        return self.manifest.settlement_id

    def figure(self, section: str, name: str) -> int:
        """A number of the summary; 0 if it is absent."""
        found = (f.value for f in self.manifest.figures if (f.section, f.name) == (section, name))
        return next(found, 0)


def settlement_id(day: date, currency: str) -> str:
    return f"{day}-{currency}"


def object_key(day: date, currency: str, name: str) -> str:
    """The key of a file in the bucket of settlements."""
    return f"settlements/{day}/{currency}/{name}"


def settles_at(day: date, zone: tzinfo) -> datetime:
    """The earliest time to settle a day of the program's time zone.

    Raises NotFound for the last possible date, since a date cannot express its end.
    """
    if day == date.max:
        raise NotFound()
    return datetime.combine(day + timedelta(days=1), time(), zone) + GRACE


def check_ties(
    told: Iterable[SummaryFigure],
    tallies: Tallies,
    accounts: Mapping[str, Sequence[int]],
    totals: Mapping[str, DayTotals],
) -> None:
    """Compare the lines of a day with independent totals.

    `accounts` has the debit and the credit of each account from the journal, `totals` the ledger's
    totals of the day by unit.

    Raises SettlementDoesNotTie.
    """
    found = {(each.figure.section, each.figure.name): each.figure.value for each in told}
    wanted = {
        (account, side): sums[at]
        for account, sums in accounts.items()
        for at, side in enumerate(("debit", "credit"))
    }
    for unit, day in totals.items():
        wanted |= {(f"ledger:{unit}", flow): getattr(day, flow) for flow in FLOWS}
    for key, value in wanted.items():
        if found.get(key) != value:
            raise SettlementDoesNotTie(f"{key}: the books say {value}, the lines do not")
    entries = sum(day.entries for day in totals.values())
    if tallies[POINTS.name].rows != entries:
        raise SettlementDoesNotTie(f"points: not the {entries} entries of the day")
    in_clearing = tallies[CLEARING.name]
    for account in journal.CLEARING:
        if in_clearing.total("amount", [(account,)]) != found[account, "closing"]:
            raise SettlementDoesNotTie(f"{account}: its lines are not its balance")
