"""Until when goods can be used that are redeemed now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.catalog.rules.validity import use_until
from chalicelib.catalog.tables.items import ProductItem


def used_until(product_ids: Iterable[str], redeemed_at: datetime) -> datetime | None:
    """The first instant from which something of these products can no longer be used; None: never.

    One read for each product.
    """
    found = [ProductItem.read(each, consistent=False) for each in dict.fromkeys(product_ids)]
    ends = [use_until(item.product.validity, redeemed_at) for item in found if item is not None]
    return min((end for end in ends if end is not None), default=None)
