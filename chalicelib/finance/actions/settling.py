"""Settling days: each once, in order, after its last facts have come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from chalicelib import ledger
from chalicelib.finance.actions.building import Asked, Built, build
from chalicelib.finance.actions.publishing import download_clearing, upload
from chalicelib.finance.errors import SettlementDoesNotTie
from chalicelib.finance.queries import settlements
from chalicelib.finance.rules.manifests import Settlement
from chalicelib.finance.tables.settlements import SettlementItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.writes import was_written
from chalicelib.ledger.rules.totals import DayTotals

Progress = Callable[[int], None]


def settle_days(now: datetime, enough: Callable[[], bool]) -> int:
    """Settle every day that is over, the oldest first; how many days.

    Goes on where the last run ended; stops after a day when `enough` says so.

    Raises SettlementDoesNotTie.
    """
    settled = 0
    while settle_next(now):
        settled += 1
        if enough():
            break
    return settled


def settle_next(now: datetime, progress: Progress = lambda _: None) -> bool:
    """Whether there was a day to settle, in each currency that moved on it.

    Raises SettlementDoesNotTie.
    """
    day = settlements.next_unsettled()
    if now < settlements.settles_at(day):
        return False
    # The ledger closes its days each hour; nobody waits for that here.
    ledger.close_days(now, lambda: False)
    home = config().currency
    with built(day, home, progress) as (found, folder):
        for currency in sorted(found.other_currencies):
            with built(day, currency, progress) as (other, its_folder):
                _publish(other, its_folder, now)
        # The program's own currency comes last: with it the day is done.
        _publish(found, folder, now)
    return True


@contextmanager
def built(day: date, currency: str, progress: Progress) -> Iterator[tuple[Built, Path]]:
    """The files of a day and a currency, on disk for as long as they are used.

    Raises SettlementDoesNotTie.
    """
    before = settlements.last_settlement(currency, before=day)
    with TemporaryDirectory(prefix="settlement-") as name:
        folder = Path(name)
        asked = Asked(
            day, currency, folder,
            openings={k: v.closing for k, v in before.accounts.items()} if before else {},
            clearing=download_clearing(before.manifest, folder) if before else None,
            totals=_totals(day) if currency == config().currency else {},
        )  # fmt: skip
        try:
            found = build(asked, progress)
        except SettlementDoesNotTie as error:
            count("SettlementDoesNotTie", stage=config().stage)
            logger().error("a settlement does not tie", day=str(day), why=str(error))
            raise
        yield found, folder


def _totals(day: date) -> dict[str, DayTotals]:
    """What the ledger has closed a day with, by unit."""
    return {
        unit: totals
        for unit in ledger.UNITS
        for totals in ledger.queries.totals_between(unit, day, day)
    }


def _publish(found: Built, folder: Path, now: datetime) -> None:
    """Files first, then the item that says that they are there; who comes second writes neither
    other bytes nor another item."""
    upload(found.manifest, folder)
    settlement = Settlement(
        found.manifest, found.accounts, found.open_lines, found.open_count, to_ms(now)
    )
    item = SettlementItem.of(settlement)
    if was_written(lambda: item.save(condition=SettlementItem.pk.does_not_exist())):
        logger().info(
            "a day was settled", settlement=settlement.id, manifest=found.manifest.sha256,
            rows=sum(file.rows for file in found.manifest.files if file.name.endswith(".csv")),
        )  # fmt: skip
