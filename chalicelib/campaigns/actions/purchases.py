"""Purchases are counted once: whatever counts them joins one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from chalicelib import catalog, members
from chalicelib.campaigns.actions.results import compared
from chalicelib.campaigns.rules.purchases import Purchase
from chalicelib.campaigns.tables.purchases import PurchaseItem
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads

# Adds to a transaction what a change of a purchase counts: the purchase before it, and now, and the
# id that its member has today.
Counter = Callable[[WriteSet, Purchase | None, Purchase, str], None]


def record_purchase(told: Purchase, counters: Sequence[Counter]) -> None:
    """Keep what an order is worth now, and count the difference; an older change counts nothing.

    Each counter sees the purchase as it was last counted, so facts may come twice, late and in any
    order.
    """

    def write() -> None:
        item = PurchaseItem.of_order(told.order_id)
        before = item.purchase if item else None
        if before is not None and before.version >= told.version:
            return
        now, member_id = _with_goods(before, told), members.current(told.member_id)
        writes = WriteSet()
        seen = before.version if before else 0
        writes.put(PurchaseItem.of(now), condition=unmoved(PurchaseItem.version, seen))
        for count in counters:
            count(writes, before, now, member_id)
        writes.commit()

    with_fresh_reads(write)


def _with_goods(before: Purchase | None, told: Purchase) -> Purchase:
    """The purchase with what was known when it came first: category and brand of its goods, and
    the campaigns that it is compared for."""
    if before is not None:
        known = {line.sku: (line.category, line.brand) for line in before.lines}
    else:
        found = catalog.find_products(line.product_id for line in told.lines)
        known = {
            line.sku: (product.category, product.brand)
            for line in told.lines
            if (product := found.get(line.product_id))
        }
    lines = []
    for line in told.lines:
        category, brand = known.get(line.sku, (None, None))
        lines.append(replace(line, category=category, brand=brand))
    of_groups = compared(told) if before is None else before.compared
    return replace(told, lines=tuple(lines), compared=of_groups)
