"""Writes of the summary of a product's stock, and of the alerts of its marks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.catalog.queries.summaries import Seen, find_summary, read_stock
from chalicelib.catalog.rules.movements import Alert, Level, StockSummary, level_of
from chalicelib.catalog.tables.items import ProductItem
from chalicelib.catalog.tables.movements import AlertItem, SummaryItem
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.store.writes import WriteSet, unmoved, was_written


def refresh(product_id: str, skus: Iterable[str], now: datetime) -> None:
    """Bring the units of these SKUs into the summary of their product; the first one is of all.

    It rests on stock that was read after the summary which it replaces. So the last of several
    writers has seen the latest stock, in whatever order they are told of it.

    Raises Moved if another was faster.
    """
    found = find_summary(product_id)
    seen, version = (found.value(), found.version) if found else (StockSummary(), 0)
    wanted = set(skus) if found else {*skus, *_skus_of(product_id)}
    stock = read_stock(sorted(wanted))
    units = seen.units | {each.head.sku: each.available for each in stock}
    levels, alerts, over = dict(seen.levels), list[Alert](), list[str]()
    for each in stock:
        sku, level, was = each.head.sku, _level(each), seen.levels.get(each.head.sku)
        if not each.is_settled or level == was:
            continue
        levels.pop(sku, None)
        if level is None:
            over.append(sku)
        else:
            levels[sku] = level
            alerts.append(_alert(each, level, version + 1, now))
    summary = StockSummary(units=units, levels=levels)
    if found is None or summary != seen:
        _write(SummaryItem.of(product_id, summary, version + 1), version, alerts, over)


def _skus_of(product_id: str) -> list[str]:
    item = ProductItem.read(product_id, consistent=True)
    return [sku.sku for sku in item.product.skus] if item else []


def _level(seen: Seen) -> Level | None:
    """Nobody is told of goods that are not on sale."""
    head = seen.head
    if head.status != "on_sale":
        return None
    return level_of(seen.available, head.low_mark, head.high_mark)


def _alert(seen: Seen, level: Level, number: int, now: datetime) -> Alert:
    mark = seen.head.low_mark if level == "low" else seen.head.high_mark
    assert mark is not None, "no mark, no level"
    return Alert(
        sku=seen.head.sku,
        product_id=seen.head.product_id,
        level=level,
        mark=mark,
        available=seen.available,
        at_ms=clock.to_ms(now),
        number=number,
    )


def _write(item: SummaryItem, seen: int, alerts: list[Alert], over: list[str]) -> None:
    """Raises Moved."""
    same = unmoved(SummaryItem.version, seen)
    if not alerts and not over:
        if not was_written(lambda: item.save(same)):
            raise Moved()
        return
    writes = WriteSet()
    writes.put(item, condition=same)
    for alert in alerts:
        writes.put(AlertItem.of(alert))
    for sku in over:
        writes.delete(AlertItem.key(sku))
    writes.commit()
    for alert in alerts:
        count("StockMarkCrossed", stage=config().stage, level=alert.level)
        logger().warning("stock crossed a mark", sku=alert.sku, level=alert.level)
