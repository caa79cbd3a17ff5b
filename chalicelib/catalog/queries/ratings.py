"""Reads of ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.catalog.rules.ratings import Rating
from chalicelib.catalog.tables.items import ProductItem
from chalicelib.catalog.tables.ratings import RatingItem
from chalicelib.kernel.store.reads import ReadSet


def want_ratings(
    reads: ReadSet, product_ids: Iterable[str], *, consistent: bool
) -> Callable[[], dict[str, Rating]]:
    """The rating of each product that has one, by product, in a caller's `ReadSet`.

    Returns a function that gives the ratings after `read`.
    """
    wanted = [
        reads.want(RatingItem, *RatingItem.key_of(product_id), consistent=consistent)
        for product_id in dict.fromkeys(product_ids)
    ]

    def found() -> dict[str, Rating]:
        items: list[Any] = [item for find in wanted if (item := find()) is not None]
        return {item.product_id: item.value() for item in items}

    return found


def is_product(product_id: str) -> bool:
    """Whether there is such a product, on sale or not, as of a moment ago."""
    return ProductItem.read(product_id, consistent=False) is not None
