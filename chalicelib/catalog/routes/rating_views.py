"""Ratings as the public sees them."""

from __future__ import annotations

import msgspec

from chalicelib.catalog.rules.ratings import Rating
from chalicelib.kernel.shapes import shaped


class RatingView(msgspec.Struct):
    """The rating by published reviews: their number and their average in hundredths of a star,
    null without any.
    """

    count: int
    average_hundredths: int | None


class StarsView(RatingView):
    """The rating with the reviews by their stars, those with one first."""

    stars: list[int]


def rating_view(rating: Rating) -> RatingView:
    return shaped(RatingView, rating)


def stars_view(rating: Rating) -> StarsView:
    return shaped(StarsView, rating, stars=list(rating.stars))
