"""Reads of ratings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from chalicelib.catalog.rules.ratings import Rating
from chalicelib.catalog.tables.items import ProductItem
from chalicelib.catalog.tables.ratings import RatingItem
from chalicelib.kernel.store.reads import ReadSet

FRESH_S, _MOST_SEEN = 60, 10_000


class _Seen(NamedTuple):
    """What this process read for a list, and until when lists may show it."""

    rating: Rating
    until_ns: int


_seen: dict[str, _Seen] = {}


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
            _remember(ratings)
        return known | ratings

    return found


def _recall(product_ids: Iterable[str]) -> dict[str, Rating]:
    now_ns = time.monotonic_ns()
    seen = ((each, _seen.get(each)) for each in product_ids)
    return {each: of.rating for each, of in seen if of is not None and now_ns < of.until_ns}


def _remember(ratings: dict[str, Rating]) -> None:
    if len(_seen) + len(ratings) > _MOST_SEEN:
        _seen.clear()
    until_ns = time.monotonic_ns() + FRESH_S * 1_000_000_000
    _seen.update((each, _Seen(rating, until_ns)) for each, rating in ratings.items())


def is_product(product_id: str) -> bool:
    """Whether there is such a product, on sale or not, as of a moment ago."""
    return ProductItem.read(product_id, consistent=False) is not None
