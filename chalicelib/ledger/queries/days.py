"""Entries that moved points in or out of the program, by day, from the index by day."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.store.pages import in_order
from chalicelib.ledger.errors import TotalsNotClosed
from chalicelib.ledger.rules import UNITS, Entry
from chalicelib.ledger.rules.accounts import TRANSFERS
from chalicelib.ledger.rules.totals import DayTotals, next_day, with_sums
from chalicelib.ledger.tables import (
    RETURNS,
    EscrowItem,
    LedgerItem,
    TotalsItem,
    day_shards,
    due_shards,
    totals_key,
)
from chalicelib.ledger.tables.rows import EffectRow, EntryRow

FIRST_DAY = clock.FIRST_DAY
# Limits of the open days that one request may add up by itself.
MOST_OPEN_DAYS, MOST_OPEN_ENTRIES = 31, 100_000
Opened = dict[str, DayTotals]


class TooManyEntries(Exception):
    """The days have more entries than one request may add up."""


def effects_of(day: date, since_ms: int = 0) -> Iterator[EffectRow]:
    """The entries of a day that are in the index, recorded at or after an instant."""
    for shard in day_shards(day):
        asked = {
            **_asked(shard, since_ms),
            "ProjectionExpression": "pk, sk, lots, held, pending, debt, contra",
        }
        yield from in_order(EffectRow, asked, "day_order")


def recorded_on(day: date) -> Iterator[Entry]:
    """The entries of a day that moved points in or out, in the order of their recording."""
    shards = [_rows(shard) for shard in day_shards(day)]
    for _, row in heapq.merge(*shards, key=lambda each: each[0]):
        yield row.value()


def _rows(shard: str) -> Iterator[tuple[str, EntryRow]]:
    for row in in_order(EntryRow, _asked(shard), "day_order"):
        assert row.day_order is not None, "a row of the index has its key"
        yield row.day_order.S, row


def _asked(shard: str, since_ms: int = 0) -> dict[str, Any]:
    return {
        "TableName": LedgerItem.Meta.table_name,
        "IndexName": LedgerItem.by_day.Meta.index_name,
        "KeyConditionExpression": "day_shard = :shard AND day_order > :after",
        "ExpressionAttributeValues": {":shard": {"S": shard}, ":after": {"S": f"{since_ms:015d}"}},
    }


def totals_of(day: date, opened: Opened, at_most: int | None = None) -> Opened:
    """The totals of a day by unit, added to its opening.

    Raises TooManyEntries if the day has more than `at_most` entries.
    """
    sums: dict[str, Counter[str]] = {unit: Counter() for unit in opened}
    entries: Counter[str] = Counter()
    for number, row in enumerate(effects_of(day)):
        if number == at_most:
            raise TooManyEntries
        unit, effect = row.account_id.partition(":")[2], row.effect()
        assert effect.contra is not None, "the index holds only entries that move points in or out"
        sums[unit][effect.contra] += effect.from_outside
        entries[unit] += 1
    return {unit: with_sums(opened[unit], sums[unit], entries[unit]) for unit in opened}


def last_closed() -> Opened:
    """The last closed day by unit; the day before the first one if none is closed."""
    found = {}
    for unit in UNITS:
        items = TotalsItem.query(
            totals_key(unit), scan_index_forward=False, consistent_read=True, limit=1
        )
        before = DayTotals(FIRST_DAY - timedelta(days=1), unit)
        found[unit] = next((item.value() for item in items), before)
    return found


def day_after(last: Opened) -> Opened:
    """The next day, opened by unit, without entries."""
    day = min(totals.day for totals in last.values()) + timedelta(days=1)
    return {unit: next_day(totals, day) for unit, totals in last.items()}


def totals_between(unit: str, first: date, last: date) -> list[DayTotals]:
    """The totals of a unit's days, both ends included; open days are added up now.

    Raises TotalsNotClosed if the open days are too many or have too many entries.
    """
    opened = last_closed()
    closed = opened[unit].day
    found = _closed_totals(unit, first, min(last, closed))
    if (last - closed).days > MOST_OPEN_DAYS:
        raise TotalsNotClosed(closed_until=closed.isoformat())
    left = MOST_OPEN_ENTRIES
    while (day := opened[unit].day + timedelta(days=1)) <= last:
        try:
            opened = totals_of(day, day_after(opened), at_most=left)
        except TooManyEntries as error:
            raise TotalsNotClosed(closed_until=closed.isoformat()) from error
        left -= sum(totals.entries for totals in opened.values())
        if day >= first:
            found.append(opened[unit])
    return found


def _closed_totals(unit: str, first: date, last: date) -> list[DayTotals]:
    if last < first:
        return []
    found = TotalsItem.query(
        totals_key(unit),
        TotalsItem.sk.between(first.isoformat(), last.isoformat()),
        consistent_read=True,
    )
    return [item.value() for item in found]


def transferred_since(since_ms: int, until: date) -> Counter[str]:
    """The points that entries took out of transfers since an instant, up to a day, by unit."""
    found: Counter[str] = Counter()
    day = clock.program_day(clock.from_ms(since_ms))
    while day <= until:
        for row in effects_of(day, since_ms):
            effect = row.effect()
            if effect.contra == TRANSFERS:
                found[row.account_id.partition(":")[2]] += effect.from_outside
        day += timedelta(days=1)
    return found


def in_escrow() -> Counter[str]:
    """The points in escrow, by unit."""
    found: Counter[str] = Counter()
    for shard in due_shards(RETURNS):
        keys = [(item.pk, item.sk) for item in LedgerItem.due.query(shard)]
        for item in EscrowItem.batch_get(keys, consistent_read=True):
            escrow = item.value()
            found[escrow.account_id.partition(":")[2]] += escrow.points
    return found
