"""Items that wait: for their time, for a reminder, for a second person."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.ledger.rules.adjustments import Adjustment
from chalicelib.ledger.tables import APPROVALS, AdjustmentItem, LedgerItem


def due_keys(shard: str, now_s: int) -> Iterator[tuple[str, str]]:
    """(pk, sk) of a shard's due items, longest due first; one may have been done since."""
    for item in LedgerItem.due.query(shard, LedgerItem.due_at <= now_s):
        yield item.pk, item.sk


def accounts_to_remind(shard: str, now_s: int) -> Iterator[str]:
    """The accounts of a shard with a reminder due by now."""
    for item in LedgerItem.reminders.query(shard, LedgerItem.remind_at <= now_s):
        yield item.pk.removeprefix("ACC#")


def count_adjustments() -> SomeOf:
    """How many adjustments wait for a second person, up to a hundred."""
    return LedgerItem.count_some(APPROVALS, index_name=LedgerItem.due.Meta.index_name)


def waiting_adjustments(asked: PageQuery) -> Page[Adjustment]:
    """A page of the adjustments that wait for a second person, longest waiting first.

    Raises InvalidCursor.
    """
    query = partial(LedgerItem.due.query, APPROVALS)
    found = page("adjustments", asked, query, lambda item: (item.pk, item.sk))
    items = {item.pk: item for item in AdjustmentItem.batch_get(found.data)}
    waiting = [items[pk].value() for pk, _ in found.data if pk in items]
    return Page(waiting, found.next_cursor)
