"""Reads of the cash journal."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from chalicelib.kernel.store.pages import pages
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.payments.rules.journal import CashEntry
from chalicelib.payments.tables.items import PaymentsItem, day_shards
from chalicelib.payments.tables.journal import ENTRY, CashEntryItem, cash_key
from chalicelib.payments.tables.journal_rows import CashRow

_END_OF_TIME_MS = 10**15 - 1


def find_cash_entry(reference: str) -> CashEntry | None:
    return CashEntryItem.find_value(cash_key(reference), ENTRY)


def find_cash_entries(references: Iterable[str]) -> dict[str, CashEntry]:
    """Entries by reference, consistently: a hundred a request."""
    reads = ReadSet()
    wanted = {each: reads.want(CashEntryItem, cash_key(each), ENTRY) for each in references}
    reads.read()
    return {each: item.value() for each, find in wanted.items() if (item := find())}


def cash_entries_of(
    day: date, since_ms: int = 0, until_ms: int = _END_OF_TIME_MS
) -> Iterator[CashEntry]:
    """The entries recorded on a program day, by recording time, then reference.

    `since_ms` (inclusive) and `until_ms` (exclusive) select a part of the day.
    """
    first, last = f"{since_ms:015d}", f"{until_ms:015d}"
    shards = [_rows(shard, first, last) for shard in day_shards(day)]
    for row in heapq.merge(*shards, key=lambda each: each.day_order.S):
        yield row.value()


def _rows(shard: str, first: str, last: str) -> Iterator[CashRow]:
    request: dict[str, Any] = {
        "TableName": PaymentsItem.Meta.table_name,
        "IndexName": PaymentsItem.by_day.Meta.index_name,
        "KeyConditionExpression": "day_shard = :shard AND day_order BETWEEN :first AND :last",
        "ExpressionAttributeValues": {
            ":shard": {"S": shard},
            ":first": {"S": first},
            ":last": {"S": last},
        },
    }
    for page in pages("Query", CashRow, request):
        yield from page.items
