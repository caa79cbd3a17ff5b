"""Favourites, in the catalog table: FAV#<member> <product>; index `newest` has their order."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import IntegerAttribute


class FavouriteItem(CatalogItem):
    newest = UnicodeAttribute()
    created_at = IntegerAttribute()  # epoch milliseconds

    @property
    def product_id(self) -> str:
        return self.sk

    @staticmethod
    def partition(member_id: str) -> str:
        return f"FAV#{member_id}"

    @classmethod
    def of(cls, member_id: str, product_id: str, at_ms: int) -> FavouriteItem:
        return cls(
            cls.partition(member_id),
            product_id,
            newest=f"{at_ms:013d}#{product_id}",
            created_at=at_ms,
        )
