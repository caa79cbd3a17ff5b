"""Until when goods can be used that are redeemed now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.catalog.rules.validity import use_until
from chalicelib.catalog.tables.items import PRODUCT, ProductItem
from chalicelib.kernel.store.reads import ReadSet


def used_until(product_ids: Iterable[str], redeemed_at: datetime) -> datetime | None:
    """The first instant from which something of these products can no longer be used; None: never.

    One batch of reads.
    """
    reads = ReadSet()
    wanted = [
        reads.want(ProductItem, f"PRD#{each}", PRODUCT, consistent=False)
        for each in dict.fromkeys(product_ids)
    ]
    reads.read()
    found = [item for find in wanted if (item := find()) is not None]
    ends = [use_until(item.product.validity, redeemed_at) for item in found]
    return min((end for end in ends if end is not None), default=None)
