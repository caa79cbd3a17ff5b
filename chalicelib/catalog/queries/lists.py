"""The public list of products, by the index of goods or, without it, by shelves alone.

A shelf is one query, and no index is needed, where it holds just the products that are asked for:
those of a category that has none below it, of a kind, by age or by points. All else asks the index,
which gives ids; their rows and stock are two batch reads. Without an index, shelves are read and
filtered, up to an end for each request.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import msgspec
from pynamodb.expressions.condition import Condition

from chalicelib.catalog.queries import index, tree
from chalicelib.catalog.queries.finding import Finder, GoodsAsked, IndexPlace
from chalicelib.catalog.queries.openings import shown_before
from chalicelib.catalog.queries.products import with_stock
from chalicelib.catalog.rules.cards import Facets
from chalicelib.catalog.rules.products import Listed, within
from chalicelib.catalog.rules.words import read_query
from chalicelib.catalog.tables.items import ShelfItem, marks_of, points_order, shelf_key
from chalicelib.kernel import clock, cursors
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, InvalidCursor, Unreadable, Words
from chalicelib.kernel.store.tables import readable

# So many rows of a shelf are looked at in one request that filters them.
MOST_LOOKED_AT = 1000
_LAST = "~"  # sorts after every product id
_PLACE = re.compile(r"([0-9]+)#(prd_[a-z2-7]{26})\Z")


class Found(NamedTuple):
    """A page of the list, and its counts where they are asked for and there is an index."""

    page: Page[Listed]
    facets: Facets | None


class _Wanted(NamedTuple):
    """A page of a list: who wants it has `points`; `position` is that of its cursor."""

    asked: GoodsAsked
    page: PageQuery
    points: int | None
    now: datetime
    scope: str = ""
    position: Any = None


class _Read(NamedTuple):
    """Rows of one shelf, and the place up to which they are all; None: to its end."""

    rows: list[ShelfItem]
    reached: str | None


def list_shown(
    asked: GoodsAsked,
    page: PageQuery,
    points: int | None,
    now: datetime,
    *,
    facets: bool,
    owner: str,
) -> Found:
    """A page of the products on sale now; `points` are those of the caller, the `owner`.

    Raises Invalid, InvalidCursor, QueryTooLong, QueryHasNoWords, IndexAway.
    """
    least, most = asked.min_points or 0, asked.max_points
    if most is not None and most < least:
        words = Words("不得小于 min_points", "must not be less than min_points")
        raise Invalid(FieldError("max_points", "less_than_min_points", words))
    scope = "products:" + msgspec.json.encode(asked).decode() + owner
    position = cursors.decode(scope, page.cursor)
    known = index.current_or_none() if facets or _needs_index(asked) else None
    finder = Finder(known, asked, points, now) if known else None
    if asked.q is not None and known is None:
        read_query(asked.q)
        raise index.away()
    by_shelf = finder is None or not _needs_index(asked)
    if asked.sort == "popular" and isinstance(position, str):
        by_shelf = True  # it was begun without an index, by age
    wanted = _Wanted(asked, page, points, now, scope, position)
    if by_shelf:
        listed = _from_shelves(wanted)
    else:
        assert finder is not None
        listed = _from_index(finder, wanted)
    return Found(listed, finder.facets() if finder and facets else None)


def list_on_shelf(asked: GoodsAsked, page: PageQuery, now: datetime) -> list[Listed]:
    """The first products of a list that asks no index."""
    return _from_shelves(_Wanted(asked, page, None, now)).data


def list_ids(ids: Sequence[str], now: datetime) -> list[Listed]:
    """Those of these products that are on sale now, in this order."""
    ahead = shown_before()
    rows = [row for row in _rows(ids) if within(now, row.on_sale_from, row.on_sale_until, ahead)]
    return stocked(Page(rows, None)).data


def _needs_index(asked: GoodsAsked) -> bool:
    if asked.q is not None or asked.brand or asked.scene or asked.affordable:
        return True
    bounded = asked.min_points is not None or asked.max_points is not None
    if asked.sort in ("popular", "relevance") or (bounded and asked.sort == "newest"):
        return True
    return asked.category is not None and len(tree.below(asked.category)) > 1


def _from_index(finder: Finder, wanted: _Wanted) -> Page[Listed]:
    """One more than asked tells whether there is a next page."""
    asked, limit = wanted.asked, wanted.page.limit
    found = finder.page(_place(asked, wanted.position), limit + 1)
    shown = found[:limit]
    rows = [row for row in _rows([id_ for _, id_ in shown]) if _fits(row, wanted)]
    cursor = None
    if len(found) > limit:
        cursor = cursors.encode(wanted.scope, _position(asked, shown[-1][0]))
    return stocked(Page(rows, cursor))


def _place(asked: GoodsAsked, position: Any) -> IndexPlace | None:
    """The place in the index of a cursor's position, whoever made it.

    Raises InvalidCursor.
    """
    if position is None:
        return None
    if isinstance(position, list):
        return IndexPlace(position[0], tuple(position[1:]))
    found = _PLACE.match(_sort_key(asked, position))
    if found is None:
        raise InvalidCursor()
    return IndexPlace(0, (int(found[1]), found[2]))


def _position(asked: GoodsAsked, place: IndexPlace) -> Any:
    """A position that shelves understand, too, where they have the order."""
    if asked.sort == "newest":
        return f"{place.key[0]:013d}#{place.key[1]}"
    if asked.sort in ("points", "-points"):
        return f"{points_order(int(place.key[0]))}#{place.key[1]}"
    return [place.tier, *place.key]


def _sort_key(asked: GoodsAsked, position: Any) -> str:
    """The row's sort key; earlier releases put the whole key of DynamoDB into a cursor."""
    if isinstance(position, dict):
        position = position["newest" if asked.sort == "newest" else "by_points"]["S"]
    return str(position)


def _rows(ids: Sequence[str]) -> list[ShelfItem]:
    """The rows of products that are still listed, in this order: one batch read."""
    keys = [(shelf_key(None, None), each) for each in ids]
    found = {
        row.product_id: row
        for _, row in ShelfItem.read_each(keys)
        if not isinstance(row, Unreadable)
    }
    return [found[each] for each in ids if each in found]


def _fits(row: ShelfItem, wanted: _Wanted) -> bool:
    """Whether a row still is what the index said of it a moment ago."""
    asked = wanted.asked
    least, most = asked.min_points or 0, asked.max_points
    return (
        within(wanted.now, row.on_sale_from, row.on_sale_until, shown_before())
        and least <= row.points
        and (most is None or row.points <= most)
        and (not asked.affordable or _least_points(row) <= (wanted.points or 0))
    )


def _least_points(row: ShelfItem) -> int:
    return row.price.least_points if row.price else row.points


def _from_shelves(wanted: _Wanted) -> Page[Listed]:
    asked, position, limit = wanted.asked, wanted.position, wanted.page.limit
    if isinstance(position, list):
        raise index.away()
    if asked.sort == "popular":
        asked = msgspec.structs.replace(asked, sort="newest")
    after = None if position is None else _sort_key(asked, position)
    categories: Sequence[str | None] = [None]
    if asked.category is not None:
        categories = sorted(tree.below(asked.category))
    filters, is_filtered = _filters(asked, wanted.points, wanted.now)
    read = partial(_read, asked, after, filters, limit + 1, is_filtered=is_filtered)
    reads = [read(shelf_key(category, asked.kind)) for category in categories]
    return stocked(_merged(reads, asked, limit, wanted.scope))


def _merged(reads: list[_Read], asked: GoodsAsked, limit: int, scope: str) -> Page[ShelfItem]:
    """One list of several shelves: up to the first place beyond which one of them is unread."""
    key, forward = _key_of(asked), asked.sort == "points"
    rows = sorted((row for each in reads for row in each.rows), key=key, reverse=not forward)
    ends = [each.reached for each in reads if each.reached is not None]
    end = (min if forward else max)(ends) if ends else None
    if end is not None:
        rows = [row for row in rows if (key(row) <= end if forward else key(row) >= end)]
    last = key(rows[limit - 1]) if len(rows) > limit else end
    return Page(rows[:limit], cursors.encode(scope, last) if last is not None else None)


def _key_of(asked: GoodsAsked) -> Any:
    name = "newest" if asked.sort == "newest" else "by_points"
    return lambda row: getattr(row, name)


def _read(
    asked: GoodsAsked,
    after: str | None,
    filters: Condition,
    count: int,
    shelf: str,
    *,
    is_filtered: bool,
) -> _Read:
    """The next rows of a shelf: as many as are asked for, or of the rows that may be looked at."""
    name = "newest" if asked.sort == "newest" else "by_points"
    found = ShelfItem.query(
        shelf,
        _keys(asked, after),
        filters,
        index_name=name,
        scan_index_forward=asked.sort == "points",
        # The row of the place itself comes again.
        page_size=FILTERED_PAGE if is_filtered else count + 1,
    )
    key, rows = _key_of(asked), []
    for row in readable(found):
        if key(row) != after:
            rows.append(row)
        if len(rows) == count:
            return _Read(rows, key(row))
        if found.page_iter.total_scanned_count >= MOST_LOOKED_AT:
            return _Read(rows, key(row))
    return _Read(rows, None)


def _keys(asked: GoodsAsked, after: str | None) -> Condition | None:
    if asked.sort == "newest":
        return None if after is None else ShelfItem.newest <= after
    low = points_order(asked.min_points or 0)
    high = "~" if asked.max_points is None else points_order(asked.max_points) + _LAST
    if after is not None and asked.sort == "points":
        low = max(low, after)
    elif after is not None:
        high = min(high, after)
    return ShelfItem.by_points.between(low, high)


def _filters(asked: GoodsAsked, points: int | None, now: datetime) -> tuple[Condition, bool]:
    """What a row must fulfil, and whether it is more than that it is on sale."""
    at_ms, begun_ms = clock.to_ms(now), clock.to_ms(now + shown_before())
    begins, ends = ShelfItem.on_sale_from, ShelfItem.on_sale_until
    filters: Condition = begins.does_not_exist() | (begins <= begun_ms)
    filters &= ends.does_not_exist() | (ends > at_ms)
    more: list[Condition] = []
    if asked.sort == "newest" and asked.min_points is not None:
        more.append(ShelfItem.points >= asked.min_points)
    if asked.sort == "newest" and asked.max_points is not None:
        more.append(ShelfItem.points <= asked.max_points)
    if asked.affordable:
        least = ShelfItem.least_points
        more.append((ShelfItem.points <= (points or 0)) | (least <= (points or 0)))
    more += [ShelfItem.marks.contains(mark) for mark in marks_of(asked.brand, [asked.scene or ""])]
    for each in more:
        filters &= each
    return filters, bool(more)


def stocked(found: Page[ShelfItem]) -> Page[Listed]:
    """Rows of a page with their stock of a moment ago: one batch read."""
    return with_stock(found, consistent=False)
