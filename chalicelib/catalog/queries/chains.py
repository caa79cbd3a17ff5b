"""The proof of a SKU's movements: each begins where the last one ended, which ends at the stock."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.catalog.queries.offers import find_head, no_such_sku, read_shards
from chalicelib.catalog.rules.movements import Gap, Movement, gaps
from chalicelib.catalog.tables.movements import LANES, MovementItem
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel import clock

# So many in a request: a proof of the last days reads little beyond them.
_IN_A_REQUEST = 200


def prove_movements(sku: str, since_s: int = 0) -> tuple[int, list[Gap]]:
    """How many movements were looked at of a SKU, and where they do not lead to its stock.

    Those since a time, in epoch seconds, and before it as many as lead to each shard's units. A
    movement comes within seconds: prove a SKU again before you think ill of it.

    Raises NotFound.
    """
    head = head_of(sku)
    lanes = [list(_latest(head, lane, since_s)) for lane in lanes_of(head)]
    rows = sorted((row for lane in lanes for row in lane), key=lambda row: row.place)
    left = {shard: item.available for shard, item in read_shards(head).items()}
    return len(rows), gaps(rows, left)


def head_of(sku: str) -> StockItem:
    """Raises NotFound."""
    head = find_head(sku)
    if head is None:
        raise no_such_sku(sku)
    return head


def lanes_of(head: StockItem) -> range:
    """A SKU whose settings nobody changed never had a second shard."""
    return range(LANES if head.version > 1 else 1)


def _latest(head: StockItem, lane: int, since_s: int) -> Iterator[Movement]:
    """Movements of a lane, the latest first. Time to live takes old ones in no order, so those
    that it may take are left out.
    """
    now_s, ttl = int(clock.machine_now().timestamp()), MovementItem.ttl
    found = MovementItem.query(
        MovementItem.lane_of(head.sku, lane),
        None,
        ttl.does_not_exist() | (ttl > now_s),
        scan_index_forward=False,
        page_size=_IN_A_REQUEST,
    )
    missing = {shard for shard in range(head.all_shards) if shard % LANES == lane}
    for item in found:
        if item.at < since_s and not missing:
            return
        missing.discard(item.shard)
        yield item.value()
