"""Items of stores, in the catalog table; the newest come last in their index."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.catalog.rules.stores import Store
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

STORES = "STORES"


class StoreItem(CatalogItem):
    """A store; its cities are attributes for a list's filter."""

    version = IntegerAttribute()
    store = StructAttribute[Store](Store)
    status = UnicodeAttribute()
    city_zh = UnicodeAttribute()
    city_en = UnicodeAttribute()
    newest = UnicodeAttribute()
    made_of = BytesAttribute()

    @classmethod
    def of(cls, store: Store, made_of: bytes) -> StoreItem:
        return cls(
            STORES,
            store.id,
            version=store.version,
            store=store,
            status=store.status,
            city_zh=store.city.zh,
            city_en=store.city.en,
            newest=f"{store.created_at_ms:013d}#{store.id}",
            made_of=made_of,
        )
