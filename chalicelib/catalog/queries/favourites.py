"""Reads of favourites: one query, and two batch reads for the goods of a page."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import NamedTuple

from chalicelib.catalog.queries.lists import stocked
from chalicelib.catalog.queries.openings import shown_before
from chalicelib.catalog.rules.products import Listed, within
from chalicelib.catalog.tables.favourites import FavouriteItem
from chalicelib.catalog.tables.items import ADMIN_SHELF, ShelfItem
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Unreadable


class Favourite(NamedTuple):
    """A favourite; `on_sale` is false for a product that cannot be redeemed now."""

    product: Listed
    on_sale: bool
    created_at_ms: int


def find_favourite(member_id: str, product_id: str) -> FavouriteItem | None:
    """A favourite of a member; None if the product is none."""
    found: FavouriteItem | None = FavouriteItem.find(
        FavouriteItem.partition(member_id), product_id, consistent=False
    )
    return found


def list_favourites(member_id: str, page: PageQuery, now: datetime) -> Page[Favourite]:
    """A page of a member's favourites, the newest first, also those that are off sale.

    Raises InvalidCursor.
    """
    query = partial(
        FavouriteItem.query,
        FavouriteItem.partition(member_id),
        index_name="newest",
        scan_index_forward=False,
    )
    found: Page[FavouriteItem] = cursors.page(f"favourites:{member_id}", page, query, lambda e: e)
    keys = [(f"SHELF#{ADMIN_SHELF}", each.product_id) for each in found.data]
    rows = [row for _, row in ShelfItem.read_each(keys) if not isinstance(row, Unreadable)]
    listed = {each.product_id: each for each in stocked(Page(rows, None)).data}
    shown = {row.product_id for row in rows if _is_shown(row, now)}
    data = [
        Favourite(listed[each.product_id], each.product_id in shown, each.created_at)
        for each in found.data
        if each.product_id in listed
    ]
    return Page(data, found.next_cursor)


def _is_shown(row: ShelfItem, now: datetime) -> bool:
    return row.status == "on_sale" and within(
        now, row.on_sale_from, row.on_sale_until, shown_before()
    )
