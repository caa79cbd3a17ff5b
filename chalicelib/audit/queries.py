"""Reads of the audit: one act, the acts on a subject, all acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from chalicelib.audit.rules import Act, month_of, months_back
from chalicelib.audit.tables import ActItem, act_key, subject_key, within
from chalicelib.kernel.clock import program_day
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import IdempotencyKeyReused

_AFTER_ALL = "~"  # sorts after every `at`


def find_act(act: Act) -> Act | None:
    """The act as an earlier try recorded it, read consistently.

    Raises IdempotencyKeyReused if that try asked for something else.
    """
    item = ActItem.find(subject_key(act.subject), act_key(act.id))
    if item is None:
        return None
    found: Act = item.value()
    if (found.action, found.content) != (act.action, act.content):
        raise IdempotencyKeyReused()
    return found


def acts_on(
    subject: str, asked: PageQuery, view: Callable[[Act], Any], day: date | None = None
) -> Page[Any]:
    """A page of the acts on a subject, newest first, with those of a moment ago.

    Raises InvalidCursor.
    """
    key, when = subject_key(subject), within(day)
    query = partial(
        ActItem.history.query, key, when, scan_index_forward=False, consistent_read=True
    )
    return page(_scope(f"audit|{subject}", day), asked, query, lambda item: view(item.value()))


def acts_by(
    actor: str, asked: PageQuery, view: Callable[[Act], Any], day: date | None = None
) -> Page[Any]:
    """A page of what one of the staff did, newest first.

    Raises InvalidCursor.
    """
    query = partial(ActItem.by_actor.query, actor, within(day), scan_index_forward=False)
    return page(_scope(f"audit|by|{actor}", day), asked, query, lambda item: view(item.value()))


def acts_of(day: date, asked: PageQuery, view: Callable[[Act], Any]) -> Page[Any]:
    """A page of all acts of a program day, newest first.

    Raises InvalidCursor.
    """
    month = month_of(day)
    query = partial(ActItem.by_month.query, month, within(day), scan_index_forward=False)
    return page(f"audit|{day}", asked, query, lambda item: view(item.value()))


def _scope(of: str, day: date | None) -> str:
    return f"{of}|{day}" if day else of


def all_acts(asked: PageQuery, now: datetime, view: Callable[[Act], Any]) -> Page[Any]:
    """A page of all acts, newest first.

    Raises InvalidCursor.
    """

    def query(*, limit: int, last_evaluated_key: list[str] | None) -> _Months:
        newest = month_of(program_day(now))
        month, before = last_evaluated_key or (newest, _AFTER_ALL)
        return _Months(month, before, limit)

    return page("audit", asked, query, lambda item: view(item.value()))


class _Months:
    """Months as one query, newest first: an older one is asked when the page is not full yet.

    `last_evaluated_key` is the month and the `at` of the last act taken.
    """

    def __init__(self, month: str, before: str, limit: int) -> None:
        self._rows = self._read(month, before, limit)
        self.last_evaluated_key: list[str] | None = None

    def __iter__(self) -> Iterator[ActItem]:
        return self

    def __next__(self) -> ActItem:
        row = next(self._rows)
        self.last_evaluated_key = [row.month, row.at]
        return row

    def _read(self, newest: str, before: str, limit: int) -> Iterator[ActItem]:
        for month in months_back(newest):
            if limit == 0:
                return
            found = ActItem.by_month.query(
                month, ActItem.at < before, scan_index_forward=False, limit=limit
            )
            for row in found:
                limit -= 1
                yield row
