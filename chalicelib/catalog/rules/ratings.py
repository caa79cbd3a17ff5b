"""The rating of a product: how many of its published reviews gave each number of stars."""

from __future__ import annotations

import msgspec

STARS = range(1, 6)


class Rating(msgspec.Struct, frozen=True):
    """`stars` counts published reviews by their stars, those with one first."""

    stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @property
    def count(self) -> int:
        return sum(self.stars)

    @property
    def average_hundredths(self) -> int | None:
        """The average in hundredths of a star, rounded half up; None without a review."""
        if not self.count:
            return None
        total = sum(number * count for number, count in zip(STARS, self.stars, strict=True))
        return (200 * total + self.count) // (2 * self.count)
