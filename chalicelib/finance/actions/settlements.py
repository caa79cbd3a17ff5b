"""Settle days: each once, in order, after its last facts have arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from chalicelib import ledger
from chalicelib.finance.actions.publishing import download_clearing, upload
from chalicelib.finance.errors import SettlementDoesNotTie
from chalicelib.finance.queries import settlements
from chalicelib.finance.rules.printed import Layout
from chalicelib.finance.rules.settlements import Settlement, settles_at
from chalicelib.finance.tables.settlements import BeginningItem, SettlementItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.store.writes import was_written
from chalicelib.ledger import DayTotals
from chalicelib.payments import cash_entries_of

if TYPE_CHECKING:
    from chalicelib.finance.actions.building import Built

Progress = Callable[[int], None]


def settle_days(now: datetime, enough: Callable[[], bool]) -> int:
    """Settle every day that is over, the oldest first; the number of days.

    Continues where the last run ended; stops after a day once `enough` is true.

    Raises SettlementDoesNotTie.
    """
    settled = 0
    while settle_next(now) is not None:
        settled += 1
        if enough():
            break
    return settled


def settle_next(
    now: datetime, progress: Progress = lambda _: None, until: date = date.max
) -> date | None:
    """Settle the next day that is over, up to `until`, in each currency that moved on it.

    Returns the day, None if there was none.

    Raises SettlementDoesNotTie.
    """
    day = _next_day(now, until)
    if day is None:
        return None
    home = config().currency
    with built(day, home, progress) as (found, folder):
        for currency in sorted(found.other_currencies):
            with built(day, currency, progress) as (other, its_folder):
                _publish(other, its_folder, now)
        # The program's own currency is last: it completes the day.
        _publish(found, folder, now)
    return day


def _next_day(now: datetime, until: date) -> date | None:
    """The day to settle. Days before the first movement have no settlement."""
    day = settlements.next_unsettled()
    if day > until or now < settles_at(day, config().time_zone):
        return None
    # The ledger closes its days each hour; settling does not wait for that.
    ledger.close_days(now, lambda: False)
    if settlements.last_settlement(config().currency) is not None:
        return day
    while _is_empty(day):
        day += timedelta(days=1)
        _begin(day)
        if day > until or now < settles_at(day, config().time_zone):
            return None
    return day


def _begin(day: date) -> None:
    """Record that nothing moved before a day, unless a later day is recorded."""
    later = BeginningItem.day.does_not_exist() | (BeginningItem.day < str(day))
    was_written(lambda: BeginningItem.at(day).save(condition=later))


def _is_empty(day: date) -> bool:
    """Whether neither points nor money moved on a day that is over."""
    if any(totals.entries for totals in _totals(day).values()):
        return False
    return next(cash_entries_of(day), None) is None


@contextmanager
def built(
    day: date, currency: str, progress: Progress, laid_out: Layout | None = None
) -> Iterator[tuple[Built, Path]]:
    """The files of a day and a currency, in a temporary folder.

    The workbook has the layout `laid_out`, that of the current settings if None.

    Raises SettlementDoesNotTie.
    """
    # Most runs find no day to settle: a start does without what builds one.
    from chalicelib.finance.actions.building import BuildRequest, build, layout

    before = settlements.last_settlement(currency, before=day)
    with TemporaryDirectory(prefix="settlement-") as name:
        folder = Path(name)
        asked = BuildRequest(
            day,
            currency,
            folder,
            openings={k: v.closing for k, v in before.accounts.items()} if before else {},
            clearing=download_clearing(before.manifest, folder) if before else None,
            totals=_totals(day) if currency == config().currency else {},
            layout=laid_out or layout(),
        )
        try:
            found = build(asked, progress)
        except SettlementDoesNotTie as error:
            count("SettlementDoesNotTie", stage=config().stage)
            logger().error("a settlement does not tie", day=str(day), why=str(error))
            raise
        yield found, folder


def _totals(day: date) -> dict[str, DayTotals]:
    """The ledger's totals of a closed day by unit."""
    return {
        unit: totals for unit in ledger.UNITS for totals in ledger.totals_between(unit, day, day)
    }


def _publish(found: Built, folder: Path, now: datetime) -> None:
    """Upload the files, then store the item; a second run changes neither bytes nor item."""
    upload(found.manifest, folder)
    settlement = Settlement(
        found.manifest, found.accounts, found.open_lines, found.open_count, to_ms(now)
    )
    item = SettlementItem.of(settlement)
    if was_written(lambda: item.save(condition=SettlementItem.pk.does_not_exist())):
        logger().info(
            "a day was settled",
            settlement=settlement.id,
            manifest=found.manifest.sha256,
            rows=sum(file.rows for file in found.manifest.files if file.name.endswith(".csv")),
        )
