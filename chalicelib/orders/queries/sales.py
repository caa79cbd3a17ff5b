"""Reads of what was sold: the last report, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from chalicelib import catalog
from chalicelib.kernel.clock import end_of, to_ms
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery, page
from chalicelib.kernel.errors import InvalidCursor
from chalicelib.orders.queries.lists import ListAsked, list_orders
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.lists import IN_FLOW
from chalicelib.orders.rules.sales import UNSOLD, Seller, Sold, Stocked
from chalicelib.orders.tables.sales import (
    DIRTY,
    SALES,
    DirtyDayItem,
    ReportItem,
    SellerItem,
    SoldItem,
    sales_key,
    sellers_key,
)


class SellersAsked(NamedTuple):
    """A window of days, the slowest or the quickest first, all or the suggested ones."""

    window: int
    quickest_first: bool
    suggested: bool


def sellers(asked: SellersAsked, paging: PageQuery) -> tuple[Page[Seller], int | None]:
    """A page of the last report, and when it was made (epoch milliseconds; None: never).

    Raises InvalidCursor: also for a page of a report that is gone.
    """
    latest = ReportItem.latest()
    if latest is None:
        return Page([], None), None
    try:
        return _sellers(latest.report, asked, paging), latest.made_at
    except InvalidCursor:
        if latest.before is None:
            raise
        return _sellers(latest.before, asked, paging), latest.made_at


def _sellers(report: str, asked: SellersAsked, paging: PageQuery) -> Page[Seller]:
    query = partial(
        SellerItem.query,
        sellers_key(report, asked.window),
        None,
        SellerItem.suggested == True if asked.suggested else None,  # noqa: E712
        scan_index_forward=not asked.quickest_first,
        page_size=FILTERED_PAGE if asked.suggested else None,
    )
    return page(f"sellers|{report}|{asked}", paging, query, lambda item: item.value())


def sold_orders(first: date, last: date) -> Iterator[Order]:
    """Orders placed on these days that may be sold, each once: as it was when it was read last.

    The lists are read in the order in which orders go through them, so none is missed.
    """
    found: dict[str, Order] = {}
    span = (to_ms(end_of(first - timedelta(days=1))), to_ms(end_of(last)))
    for name in IN_FLOW:
        if name in UNSOLD:
            continue
        asked, cursor = ListAsked(name, *span), None
        while True:
            part = list_orders(asked, PageQuery(limit=100, cursor=cursor))
            found |= {order.id: order for order in part.data}
            cursor = part.next_cursor
            if cursor is None:
                break
    return iter(found.values())


def sold_on(day: date) -> dict[str, Sold]:
    """What was counted for a day, by product."""
    items = SoldItem.query(sales_key(day), consistent_read=True)
    return {item.sk: item.value() for item in items}


def dirty_days() -> dict[date, str]:
    """Days to count again, each with its mark."""
    found = DirtyDayItem.query(SALES, DirtyDayItem.sk.startswith(DIRTY), consistent_read=True)
    return {item.day: item.mark for item in found}


def stocked() -> list[Stocked]:
    """All products of the staff's shelf with their stock and its cost."""
    cost: dict[str, int] = {}
    for offer in catalog.each_offer():
        known = cost.get(offer.product_id, 0)
        cost[offer.product_id] = known + max(offer.available, 0) * (offer.cost or 0)
    return [
        Stocked(
            product_id=each.product_id,
            title_zh=each.title.zh,
            title_en=each.title.en,
            kind=each.kind,
            category=each.category,
            status=each.status,
            created_at_ms=each.created_at_ms,
            stock=max(each.available, 0),
            stock_cost=cost.get(each.product_id, 0),
        )
        for each in catalog.each_listed()
    ]
