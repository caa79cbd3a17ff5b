"""Reads of settlements: by day, by span, the last one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.finance.errors import DayNotOver, DayNotSettled
from chalicelib.finance.rules.settlements import Settlement, settles_at
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.finance.tables.settlements import (
    BEGINNING,
    SETTLEMENTS,
    BeginningItem,
    SettlementItem,
    settled_key,
)
from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339, shown
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import NotFound

FIRST_DAY = clock.FIRST_DAY
# Sorts after the currency of any settlement of a day.
_AFTER_ALL = "~"
_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[A-Z]{3}\Z")


def find_settlement(day: date, currency: str) -> Settlement | None:
    return SettlementItem.find_value(settled_key(currency), str(day))


def get_settlement(settlement_id: str, now: datetime) -> Settlement:
    """The settlement with an id such as `2026-11-21-CNY`.

    Raises NotFound, DayNotOver, DayNotSettled.
    """
    day, currency = _parsed(settlement_id)
    found = find_settlement(day, currency)
    if found is not None:
        return found
    check_over(day, now)
    if day >= next_unsettled():
        raise DayNotSettled()
    # Every currency with a movement on a settled day is settled with it.
    raise NotFound()


def check_over(day: date, now: datetime) -> None:
    """Check that a day can be settled.

    Raises NotFound for a day before the program, DayNotOver.
    """
    if day < FIRST_DAY:
        raise NotFound()
    if now < settles_at(day, config().time_zone):
        raise not_over(day)


def _parsed(settlement_id: str) -> tuple[date, str]:
    """Raises NotFound."""
    if not _ID.match(settlement_id):
        raise NotFound()
    try:
        return date.fromisoformat(settlement_id[:10]), settlement_id[11:]
    except ValueError as error:
        raise NotFound() from error


def last_settlement(currency: str, before: date | None = None) -> Settlement | None:
    """The last settlement of a currency, before the day `before` if given."""
    found = SettlementItem.query(
        settled_key(currency),
        SettlementItem.sk < str(before) if before else None,
        scan_index_forward=False,
        consistent_read=True,
        limit=1,
    )
    return next((item.value() for item in found), None)


def settlements_of(currency: str, first: date, last: date) -> Iterator[Settlement]:
    """The settlements of a currency in order, both days included."""
    between = SettlementItem.sk.between(str(first), str(last))
    for item in SettlementItem.query(settled_key(currency), between, consistent_read=True):
        yield item.value()


def not_over(day: date) -> DayNotOver:
    at = settles_at(day, config().time_zone)
    return DayNotOver(settles_at=rfc3339(at)).telling(at=shown(at))


def next_unsettled() -> date:
    """The day after the last settled one in the program's currency.

    Without a settlement it is the first day that may have a movement.
    """
    last = last_settlement(config().currency)
    return last.manifest.day + timedelta(days=1) if last else beginning()


def beginning() -> date:
    """The first day that may have a movement."""
    found = BeginningItem.find(BEGINNING, BEGINNING)
    return max(date.fromisoformat(found.day), FIRST_DAY) if found else FIRST_DAY


def listed(first: date, last: date, asked: PageQuery, view: Any) -> Page[Any]:
    """A page of the settlements of a span, newest first.

    Raises InvalidCursor.
    """

    within = FinanceItem.list_order.between(str(first), f"{last}{_AFTER_ALL}")
    query = partial(SettlementItem.listed.query, SETTLEMENTS, within, scan_index_forward=False)
    return page(f"settlements|{first}|{last}", asked, query, lambda item: view(item.value()))
