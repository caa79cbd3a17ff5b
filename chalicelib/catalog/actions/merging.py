"""A member is merged into another one: the favourites of both are one list."""

from __future__ import annotations

from chalicelib.catalog.tables.favourites import FavouriteItem
from chalicelib.kernel.store.writes import delete_each, put_or_find


def join_of(member_id: str, into: str) -> None:
    """Take a member's favourites over to another's, each with the time of its choice. Safe to
    repeat."""
    for each in FavouriteItem.query(FavouriteItem.partition(member_id), consistent_read=True):
        put_or_find(FavouriteItem.of(into, each.product_id, each.created_at), FavouriteItem)
        delete_each([FavouriteItem(each.pk, each.sk)])
