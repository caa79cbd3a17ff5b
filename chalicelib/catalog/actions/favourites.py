"""Writes of favourites."""

from __future__ import annotations

from datetime import datetime

from chalicelib.catalog.queries.favourites import find_favourite
from chalicelib.catalog.queries.products import get_shown_product
from chalicelib.catalog.tables.favourites import FavouriteItem
from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import put_or_find


def add_favourite(member_id: str, product_id: str, now: datetime) -> FavouriteItem:
    """Keep a product among a member's favourites; one that is there stays as it is.

    Raises NotFound if it is neither on sale nor a favourite already.
    """
    kept = find_favourite(member_id, product_id)
    if kept is not None:
        return kept
    get_shown_product(product_id, now)
    item = FavouriteItem.of(member_id, product_id, clock.to_ms(now))
    return put_or_find(item, FavouriteItem) or item


def remove_favourite(member_id: str, product_id: str) -> None:
    """Remove a product from a member's favourites; one that is not there stays away."""
    FavouriteItem(FavouriteItem.partition(member_id), product_id).delete()
