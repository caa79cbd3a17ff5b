"""Reads of ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chalicelib.catalog.rules.ratings import Rating
from chalicelib.catalog.tables.items import ProductItem
from chalicelib.catalog.tables.ratings import RatingItem
from chalicelib.kernel.recall import Recall
from chalicelib.kernel.store.reads import ReadSet

FRESH_S, _MOST_SEEN = 60, 10_000
_seen = Recall[str, Rating](FRESH_S, _MOST_SEEN)


def want_ratings(
    reads: ReadSet, product_ids: Iterable[str], *, consistent: bool
) -> Callable[[], dict[str, Rating]]:
    """The rating of each product, by product, in a caller's `ReadSet`.

    Unless `consistent`, those that this process has read within FRESH_S are not read again: only
    the staff's acts on reviews change a rating. Returns a function that gives them after `read`.
    """
    ids = list(dict.fromkeys(product_ids))
    known = {} if consistent else _recall(ids)
    wanted = {
        each: reads.want(RatingItem, *RatingItem.key_of(each), consistent=consistent)
        for each in ids
        if each not in known
    }

    def found() -> dict[str, Rating]:
        items = {each: find() for each, find in wanted.items()}
        ratings = {each: item.value() if item else Rating() for each, item in items.items()}
        if not consistent:
            for each, rating in ratings.items():
                _seen.keep(each, rating)
        return known | ratings

    return found


def _recall(product_ids: Iterable[str]) -> dict[str, Rating]:
    seen = ((each, _seen.get(each)) for each in product_ids)
    return {each: rating for each, rating in seen if rating is not None}


def is_product(product_id: str) -> bool:
    """Whether there is such a product, on sale or not, as of a moment ago."""
    return ProductItem.read(product_id, consistent=False) is not None
