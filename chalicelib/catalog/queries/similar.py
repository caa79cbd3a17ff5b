"""Products like one that a member looks at, or cannot have any more."""

from __future__ import annotations

from datetime import datetime

from chalicelib.catalog.queries import index, lists
from chalicelib.catalog.queries.finding import GoodsAsked, alike
from chalicelib.catalog.rules.products import Listed, Product
from chalicelib.kernel.cursors import PageQuery

# As many as are shown; as many again may turn out to be sold out.
SHOWN = 12


def list_similar(product: Product, now: datetime) -> list[Listed]:
    """The goods in stock that are closest to a product; without an index, those of its category."""
    held = index.current_or_none()
    ids = alike(held, product.id, 2 * SHOWN, now) if held else []
    if ids:
        found = lists.list_ids(ids, now)
    else:
        asked, page = GoodsAsked(category=product.category), PageQuery(limit=SHOWN + 1)
        found = lists.list_on_shelf(asked, page, now)
    return [each for each in found if each.product_id != product.id and each.available][:SHOWN]
