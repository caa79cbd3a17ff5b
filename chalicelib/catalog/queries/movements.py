"""Reads of what the stream's reader keeps of stock: movements and alerts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from pynamodb.expressions.condition import Condition

from chalicelib.catalog.queries.chains import head_of, lanes_of
from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.rules.movements import Alert, Maker, Movement
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.stock import Because, StockAct
from chalicelib.catalog.tables.movements import ALERTS, AlertItem, MovementItem
from chalicelib.catalog.tables.pools import ImportItem
from chalicelib.catalog.tables.stock import RestockItem
from chalicelib.kernel import cursors
from chalicelib.kernel.counts import COUNTED_AT_MOST, SomeOf
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery
from chalicelib.kernel.errors import InvalidCursor
from chalicelib.kernel.store.reads import ReadSet

# So many movements of a lane are looked at in one request that filters them.
MOST_LOOKED_AT = 1000
_PLACE = re.compile(r"[0-9]{10}#[0-9A-Za-z]{1,64}#[0-9]{2}\Z")
_LAST_S = 10**10 - 1


class MovementsAsked(NamedTuple):
    """Filters of the list, None for all: why, and from and until when, in epoch seconds."""

    act: StockAct | None = None
    from_s: int | None = None
    until_s: int | None = None


class Told(NamedTuple):
    """A movement, and who made it if it was made by hand."""

    movement: Movement
    maker: Maker | None


class _Read(NamedTuple):
    """Movements of a lane, the latest first, and the place down to which they are all; None: to
    its end.
    """

    found: list[Movement]
    reached: str | None


def list_movements(sku: str, asked: MovementsAsked, page: PageQuery) -> Page[Told]:
    """A page of the movements of a SKU, the latest first.

    With `act` it may hold fewer than asked for, even none, before the last page.

    Raises NotFound, InvalidCursor.
    """
    head = head_of(sku)
    scope = f"movements|{sku}|{asked.act}|{asked.from_s}|{asked.until_s}"
    before: str | None = cursors.decode(scope, page.cursor)
    if before is not None and not _PLACE.match(before):
        raise InvalidCursor()
    read = partial(_read, sku, asked, before, page.limit + 1)
    reads = [read(lane) for lane in lanes_of(head)]
    rows = sorted((m for each in reads for m in each.found), key=_place, reverse=True)
    ends = [each.reached for each in reads if each.reached is not None]
    end = max(ends) if ends else None
    rows = [row for row in rows if end is None or row.place >= end]
    last = rows[page.limit - 1].place if len(rows) > page.limit else end
    shown = rows[: page.limit]
    makers = _makers(sku, [row.because for row in shown])
    data = [Told(row, makers.get(row.because)) for row in shown]
    return Page(data, cursors.encode(scope, last) if last is not None else None)


def count_alerts() -> SomeOf:
    """How many SKUs are beyond a mark, counted up to a hundred, in one request."""
    found = AlertItem.query(ALERTS, limit=COUNTED_AT_MOST + 1)
    counted = sum(1 for _ in found)
    return SomeOf(min(counted, COUNTED_AT_MOST), counted > COUNTED_AT_MOST)


def list_alerts(page: PageQuery) -> Page[tuple[Alert, Offer]]:
    """A page of the SKUs beyond a mark, with their terms and stock of now.

    Raises InvalidCursor.
    """
    query = partial(AlertItem.query, ALERTS)
    found = cursors.page("stock-alerts", page, query, AlertItem.value)
    offers = find_offers([alert.sku for alert in found.data], consistent=False)
    data = [(alert, offers[alert.sku]) for alert in found.data if alert.sku in offers]
    return Page(data, found.next_cursor)


def _place(movement: Movement) -> str:
    return movement.place


def _read(sku: str, asked: MovementsAsked, before: str | None, count: int, lane: int) -> _Read:
    found = MovementItem.query(
        MovementItem.lane_of(sku, lane),
        _keys(asked, before),
        _why(asked.act),
        scan_index_forward=False,
        page_size=count if asked.act is None else FILTERED_PAGE,
    )
    rows: list[Movement] = []
    for item in _before(found, before):
        rows.append(item.value())
        if len(rows) == count:
            return _Read(rows, rows[-1].place)
        if found.page_iter.total_scanned_count >= MOST_LOOKED_AT:
            return _Read(rows, rows[-1].place)
    return _Read(rows, None)


def _before(found: Iterator[MovementItem], before: str | None) -> Iterator[MovementItem]:
    """The place of a cursor itself was on the page before."""
    return (item for item in found if item.sk != before)


def _keys(asked: MovementsAsked, before: str | None) -> Condition:
    first = _bound(asked.from_s or 0)
    until = "~" if asked.until_s is None else _bound(asked.until_s)
    # No place is as short as a bound, so a span that ends before it begins is empty.
    return MovementItem.sk.between(first, max(first, min(before or until, until)))


def _bound(at_s: int) -> str:
    """The key around the movements before and from a second on, for any second."""
    return f"{min(max(0, at_s), _LAST_S):010d}"


def _why(act: StockAct | None) -> Condition | None:
    if act is None:
        return None
    because = MovementItem.because
    wanted: Condition = (because == act) | because.startswith(f"{act} ")
    return wanted


def _makers(sku: str, reasons: list[Because]) -> dict[Because, Maker]:
    """Who made the restocks, corrections and imports of codes among these, by one batch read."""
    reads, wanted = ReadSet(), {}
    for because in reasons:
        record = _record_of(sku, because)
        if record is not None and because not in wanted:
            wanted[because] = reads.want(type(record), record.pk, record.sk, consistent=False)
    reads.read()
    return {
        because: Maker(record.made_by, getattr(record, "reason", None))
        for because, find in wanted.items()
        if (record := find()) is not None
    }


def _record_of(sku: str, because: Because) -> RestockItem | ImportItem | None:
    if because.act == "restock":
        return RestockItem.key(sku, because.reference)
    if because.act == "correction":
        return RestockItem.correction(sku, because.reference)
    return ImportItem.key(because.reference) if because.act == "codes" else None
