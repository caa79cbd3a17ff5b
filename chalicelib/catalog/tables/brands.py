"""Items of brands.

BRANDS          <brand>          a brand
MADE#<id>       BRAND            which brand a key made
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.catalog.rules.brands import Brand
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

BRANDS = "BRANDS"


class BrandItem(CatalogItem):
    version = IntegerAttribute()
    brand = StructAttribute[Brand](Brand)

    @classmethod
    def key(cls, brand_id: str) -> BrandItem:
        return cls(BRANDS, brand_id)

    @classmethod
    def of(cls, brand: Brand) -> BrandItem:
        item = cls.key(brand.id)
        item.version, item.brand = brand.version, brand
        return item


class MadeBrandItem(CatalogItem):
    """The brand that an idempotency key made; its id is the caller's choice."""

    brand_id = UnicodeAttribute()
    made_of = BytesAttribute()

    @classmethod
    def key(cls, made_id: str) -> MadeBrandItem:
        return cls(f"MADE#{made_id}", "BRAND")
