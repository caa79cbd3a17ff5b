"""A member's favourites and sent pictures, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib.catalog.tables.favourites import FavouriteItem
from chalicelib.kernel.clock import rfc3339_ms


def export_of(member_id: str) -> dict[str, Iterable[Any]]:
    found = FavouriteItem.query(FavouriteItem.partition(member_id), consistent_read=True)
    rows = (
        {"product_id": each.product_id, "created_at": rfc3339_ms(each.created_at)} for each in found
    )
    return {"favourites": rows}
