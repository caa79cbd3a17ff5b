"""Count what was sold, day by day, and rank the products by it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from chalicelib.kernel import ids
from chalicelib.kernel.clock import from_ms, program_day, to_ms
from chalicelib.kernel.store.writes import was_written
from chalicelib.orders.queries import sales
from chalicelib.orders.queries.orders import find_order
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.sales import RECENT_DAYS, WINDOWS, Seller, rank, sold_by
from chalicelib.orders.tables.sales import (
    LATEST,
    SELLERS,
    DirtyDayItem,
    ReportItem,
    SellerItem,
    SoldItem,
    sales_key,
    sellers_key,
)


def mark_day(order_id: str, now: datetime) -> None:
    """Let the day of an order be counted again, unless the next count looks at it anyway."""
    order = find_order(order_id)
    if order is None:
        return
    day = program_day(from_ms(order.created_at_ms))
    if day < program_day(now) - timedelta(days=1):
        item = DirtyDayItem.key(day)
        item.mark = ids.new_id("mrk")
        item.save()


def rank_goods(now: datetime) -> int:
    """Count the recent days and those that changed, and make the report; the number of products.

    A day that changes while it is counted keeps its mark, and is counted again by the next run.
    """
    today = program_day(now)
    # The first run of a stage counts all that a report looks at.
    back = RECENT_DAYS if ReportItem.latest() else max(WINDOWS)
    first = today - timedelta(days=back - 1)
    marks = sales.dirty_days()
    _count(first, today)
    for day, mark in marks.items():
        if day < first:
            _count(day, day)
        _unmark(day, mark)
    days = [today - timedelta(days=back) for back in range(max(WINDOWS))]
    ranked = rank(sales.stocked(), {day: sales.sold_on(day) for day in days}, today)
    _publish(ranked, now)
    return len(ranked) // len(WINDOWS)


def _count(first: date, last: date) -> None:
    """Count each of these days by its orders, as they are now."""
    orders: dict[date, list[Order]] = defaultdict(list)
    for order in sales.sold_orders(first, last):
        orders[program_day(from_ms(order.created_at_ms))].append(order)
    for back in range((last - first).days + 1):
        day = last - timedelta(days=back)
        sold = sold_by(orders[day])
        known = sales.sold_on(day)
        with SoldItem.batch_write() as batch:
            for product_id, each in sold.items():
                if known.get(product_id) != each:
                    batch.save(SoldItem.of(day, product_id, each))
            for product_id in known.keys() - sold.keys():
                batch.delete(SoldItem(sales_key(day), product_id))


def _unmark(day: date, mark: str) -> None:
    seen = DirtyDayItem.mark == mark
    was_written(lambda: DirtyDayItem.key(day).delete(condition=seen))


def _publish(ranked: list[Seller], now: datetime) -> None:
    """Write the report, then name it as the last; the one before the last goes away."""
    latest, report = ReportItem.latest(), ids.new_id("rep")
    with SellerItem.batch_write() as batch:
        for each in ranked:
            batch.save(SellerItem.of(report, each))
    before = latest.report if latest else None
    ReportItem(SELLERS, LATEST, report=report, before=before, made_at=to_ms(now)).save()
    if latest is not None and latest.before is not None:
        _remove(latest.before)


def _remove(report: str) -> None:
    with SellerItem.batch_write() as batch:
        for window in WINDOWS:
            for item in list(SellerItem.query(sellers_key(report, window))):
                batch.delete(item)
