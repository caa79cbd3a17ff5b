"""Searches of the staff in all products, on sale or not.

The index of goods has only what is on sale, and as of a moment ago. So the staff's shelf is read,
up to an end for each request, and its rows are compared with what is searched for.
"""

from __future__ import annotations

from chalicelib.catalog.queries.products import with_stock
from chalicelib.catalog.rules.products import Listed, Status
from chalicelib.catalog.rules.words import read_query, runs_in
from chalicelib.catalog.tables.items import ADMIN_SHELF, ShelfItem
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery

# So many products are looked at in one request; the next page goes on behind them.
MOST_LOOKED_AT = 1000


def search_all(q: str, status: Status | None, page: PageQuery) -> Page[Listed]:
    """A page of the products whose title, id or SKU has all words of `q`, newest first.

    It may hold fewer than asked for, even none, before the last page.

    Raises InvalidCursor, QueryTooLong, QueryHasNoWords.
    """
    words, exact = [word.named for word in read_query(q)], q.strip()
    scope = f"admin-products:{status}:{q}"
    after = cursors.decode(scope, page.cursor)
    rows = ShelfItem.query(
        f"SHELF#{ADMIN_SHELF}",
        ShelfItem.newest < after if after else None,
        ShelfItem.status == status if status else None,
        index_name="newest",
        scan_index_forward=False,
        consistent_read=True,
        page_size=FILTERED_PAGE,
    )
    found: list[ShelfItem] = []
    cursor = None
    for row in rows:
        if exact in (row.product_id, *row.skus) or _has_all(row, words):
            found.append(row)
        looked_at = rows.page_iter.total_scanned_count
        if len(found) == page.limit or looked_at >= MOST_LOOKED_AT:
            cursor = cursors.encode(scope, row.newest)
            break
    return with_stock(Page(found, cursor), consistent=True)


def _has_all(row: ShelfItem, words: list[str]) -> bool:
    title = runs_in(row.title)
    return all(word in title for word in words)
