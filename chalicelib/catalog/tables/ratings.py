"""The item of a product's rating: beside the product, so that both are one query.

PRD#<product>   RATING   published reviews by their stars
"""

from __future__ import annotations

from typing import Any

from chalicelib.catalog.rules.ratings import STARS, Rating
from chalicelib.catalog.tables.items import PRODUCT, CatalogItem, ProductItem
from chalicelib.catalog.tables.movements import SUMMARY, SummaryItem
from chalicelib.kernel.store.attributes import IntegerAttribute

RATING = "RATING"


class RatingItem(CatalogItem):
    """Only acts of the staff on reviews write it: no sale does."""

    one = IntegerAttribute(null=True)
    two = IntegerAttribute(null=True)
    three = IntegerAttribute(null=True)
    four = IntegerAttribute(null=True)
    five = IntegerAttribute(null=True)

    @staticmethod
    def key_of(product_id: str) -> tuple[str, str]:
        return f"PRD#{product_id}", RATING

    @classmethod
    def key(cls, product_id: str) -> RatingItem:
        return cls(*cls.key_of(product_id))

    @classmethod
    def counter(cls, stars: int) -> Any:
        """The attribute that counts reviews with so many stars."""
        return (cls.one, cls.two, cls.three, cls.four, cls.five)[STARS.index(stars)]

    @property
    def product_id(self) -> str:
        return self.pk.removeprefix("PRD#")

    def value(self) -> Rating:
        one, two, three, four, five = (
            count or 0 for count in (self.one, self.two, self.three, self.four, self.five)
        )
        return Rating((one, two, three, four, five))


class RatedItem(CatalogItem):
    """A product, its rating or its stock in short: they lie side by side, and together they are
    small.
    """

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Any:
        return _BESIDE[data["sk"]["S"]].from_raw_data(data)

    @classmethod
    def beside(cls, product_id: str) -> list[ProductItem | RatingItem | SummaryItem]:
        """What there is of the three, as of a moment ago: half a read unit for each 4 KB of all."""
        found: Any = cls.query(f"PRD#{product_id}", cls.sk.between(PRODUCT, SUMMARY))
        return list(found)


_BESIDE: dict[str, type[CatalogItem]] = {
    PRODUCT: ProductItem,
    RATING: RatingItem,
    SUMMARY: SummaryItem,
}
