"""The items of purchases: pk BUY#<order>, sk PURCHASE."""

from __future__ import annotations

from chalicelib.campaigns.rules.purchases import Purchase
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute

BUY, PURCHASE = "BUY#", "PURCHASE"


class PurchaseItem(MarketingItem):
    """An order as it was last counted; `version` is the order's."""

    version = IntegerAttribute()
    purchase = StructAttribute[Purchase](Purchase)

    @classmethod
    def of(cls, purchase: Purchase) -> PurchaseItem:
        key = f"{BUY}{purchase.order_id}"
        return cls(key, PURCHASE, version=purchase.version, purchase=purchase)

    @classmethod
    def of_order(cls, order_id: str) -> PurchaseItem | None:
        found: PurchaseItem | None = cls.find(f"{BUY}{order_id}", PURCHASE)
        return found
