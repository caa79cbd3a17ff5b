"""Reads of reconciliation: days, and findings by their status."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.finance.rules.reconciled_days import EXPLAINED, Case, Day
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.finance.tables.reconciliations import (
    FINDING,
    RECONCILED,
    CaseItem,
    ReconciledDayItem,
    case_key,
    case_list,
)
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.crypto import decrypt
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.store.tables import naming

FIRST_DAY = clock.FIRST_DAY
# Half an hour after settling: the last writes are in the index by then.
GRACE = timedelta(hours=1)


def start_ms(day: date) -> int:
    """The first instant of a day of the program."""
    return to_ms(clock.end_of(day - timedelta(days=1)))


def end_ms(day: date) -> int:
    return to_ms(clock.end_of(day))


def next_day() -> Day:
    """The unfinished day, or the day after the last one; read consistently."""
    found = ReconciledDayItem.query(
        RECONCILED, scan_index_forward=False, consistent_read=True, limit=1
    )
    last = next((item.value() for item in found), None)
    if last is None:
        return Day(FIRST_DAY, start_ms(FIRST_DAY))
    if not last.is_done:
        return last
    following = last.day + timedelta(days=1)
    return last.opens(following, start_ms(following))


def is_ready(day: date, now: datetime) -> bool:
    """Whether a day has been over for an hour; it need not be settled."""
    return now >= clock.end_of(day) + GRACE


def reconciled_day(day: date) -> Day:
    """Raises NotFound."""
    found: Day = or_not_found(ReconciledDayItem.find_value(RECONCILED, str(day)))
    return found


def days(asked: PageQuery, view: Callable[[Day], Any]) -> Page[Any]:
    """A page of the days, newest first.

    Raises InvalidCursor.
    """

    query = partial(
        ReconciledDayItem.query, RECONCILED, scan_index_forward=False, consistent_read=True
    )
    return page("reconciliations", asked, query, lambda item: view(item.value()))


def find_case(key: str) -> Case | None:
    return CaseItem.find_value(case_key(key), FINDING)


def get_case(key: str) -> Case:
    """Raises NotFound."""
    return or_not_found(find_case(key))


def cases(status: str) -> Iterator[Case]:
    """All findings in a state, oldest first."""
    for item in CaseItem.listed.query(case_list(status)):
        yield item.value()


def page_of_cases(status: str, asked: PageQuery, view: Callable[[Case], Any]) -> Page[Any]:
    """A page of findings: explained ones newest first, others oldest first.

    Raises InvalidCursor.
    """

    oldest_first = status != EXPLAINED
    query = partial(CaseItem.listed.query, case_list(status), scan_index_forward=oldest_first)
    return page(f"findings|{status}", asked, query, lambda item: view(item.value()))


def count_cases(status: str) -> SomeOf:
    """How many findings are in a state, up to a hundred."""
    return FinanceItem.count_some(case_list(status), index_name=CaseItem.listed.Meta.index_name)


def note_of(case: Case) -> str | None:
    """The explanation of a finding, decrypted.

    Raises Unreadable.
    """
    if case.note is None:
        return None
    with naming(CaseItem(case_key(case.key), FINDING)):
        return decrypt(case.note, bound_to=case.key).decode()
