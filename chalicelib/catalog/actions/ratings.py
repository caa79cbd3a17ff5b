"""Writes of ratings, which join the transaction that publishes or hides a review."""

from __future__ import annotations

from chalicelib.catalog.tables.ratings import RatingItem
from chalicelib.kernel.store.writes import WriteSet


def add_rating(writes: WriteSet, product_id: str, stars: int) -> None:
    """Add to a transaction: count one more published review with so many stars."""
    counter = RatingItem.counter(stars)
    writes.update(RatingItem.key(product_id), [counter.add(1)])


def remove_rating(writes: WriteSet, product_id: str, stars: int) -> None:
    """Add to a transaction: no longer count a review that was published.

    The commit raises Moved if none is counted.
    """
    counter = RatingItem.counter(stars)
    writes.update(RatingItem.key(product_id), [counter.add(-1)], condition=counter >= 1)
