"""Items of stock in the catalog table: units with the terms of sale, and their restocks."""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.products import Localized, Product, Sku, window_ms
from chalicelib.catalog.rules.terms import NO_TERMS, Terms
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

SHARD = "SHARD#"


class StockItem(CatalogItem):
    """The terms and stock that a sale reads and writes: two write units in a transaction.

    All shards of a SKU have the terms; the head alone has what is below `available`.
    """

    product_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    title_zh = UnicodeAttribute()
    title_en = UnicodeAttribute()
    points = IntegerAttribute()
    # Terms in cash, absent where goods are had for points alone.
    least_points = IntegerAttribute(null=True)
    cash = IntegerAttribute(null=True)
    cash_equivalent = IntegerAttribute(null=True)
    cost = IntegerAttribute(null=True)
    per_member = IntegerAttribute(null=True)
    per_order = IntegerAttribute(null=True)
    status = UnicodeAttribute()
    on_sale_from = IntegerAttribute(null=True)  # epoch milliseconds
    on_sale_until = IntegerAttribute(null=True)
    terms_version = IntegerAttribute()
    specs = StructAttribute[dict[str, str]](dict[str, str])
    # Only of goods with a freight template.
    freight = UnicodeAttribute(null=True)
    grams = IntegerAttribute(null=True)
    # Whether the product has rare terms.
    more = IntegerAttribute(null=True)
    # Why `available` changed last: its act and reference.
    moved = UnicodeAttribute(null=True)
    available = IntegerAttribute()
    # How many shards there are, and how many before units of dropped ones were here.
    shards = IntegerAttribute(null=True)
    draining = IntegerAttribute(null=True)
    # It moves whenever units come to any shard; the one in which all were seen empty.
    epoch = IntegerAttribute(null=True)
    sold_out = IntegerAttribute(null=True)
    low_mark = IntegerAttribute(null=True)
    high_mark = IntegerAttribute(null=True)
    # Counts changes of shards and marks.
    set_version = IntegerAttribute(null=True)

    @staticmethod
    def key_of(sku: str, shard: int = 0) -> tuple[str, str]:
        return (f"SKU#{sku}#{shard:02d}" if shard else f"SKU#{sku}"), f"SHARD#{shard:02d}"

    @classmethod
    def key(cls, sku: str, shard: int = 0) -> StockItem:
        return cls(*cls.key_of(sku, shard))

    @property
    def sku(self) -> str:
        name: str = self.pk.split("#")[1]
        return name

    @property
    def shard(self) -> int:
        return int(self.sk.removeprefix(SHARD))

    @property
    def version(self) -> int:
        """Of a head: the version of its settings."""
        return self.set_version or 1

    @property
    def all_shards(self) -> int:
        """Of a head: how many shards may hold units."""
        return max(self.shards or 1, self.draining or 1)

    @property
    def is_sold_out(self) -> bool:
        """Of a head: whether all shards were seen empty since units last came."""
        return self.sold_out is not None and self.sold_out == (self.epoch or 0)

    def offer(self, **told: Any) -> Offer:
        """The offer of this item, of whose fields some may be told."""
        return self.into(
            Offer,
            **{
                "sku": self.sku,
                "title": Localized(self.title_zh, self.title_en),
                "least_points": self.points if self.least_points is None else self.least_points,
                "cash": self.cash or 0,
                "has_rare_terms": bool(self.more),
                "left": None,
                "rare_terms": NO_TERMS,
                "per_member_day": None,
                "per_member_month": None,
                "is_certain": False,
                "empty_in": None,
                "version": self.version,
                **told,
            },
        )


# The attributes that follow from the product, the same in all shards.
TERM_NAMES = (
    "product_id", "kind", "title_zh", "title_en", "points", "least_points", "cash",
    "cash_equivalent", "cost", "per_member", "per_order", "status", "on_sale_from",
    "on_sale_until", "terms_version", "specs", "freight", "grams", "more",
)  # fmt: skip


class TermsItem(CatalogItem):
    """The rare terms of a product, under the version of the terms on its stock."""

    terms_version = IntegerAttribute()
    terms = StructAttribute[Terms](Terms)

    @classmethod
    def key(cls, product_id: str) -> TermsItem:
        return cls(f"PRD#{product_id}", "TERMS")

    @classmethod
    def of(cls, product: Product) -> TermsItem:
        item = cls.key(product.id)
        item.terms_version, item.terms = product.version, product.rare_terms
        return item


def terms_of(product: Product, sku: Sku) -> dict[str, Any]:
    """The attributes of a stock item that follow from the product; None is absent."""
    from_ms, until_ms = window_ms(product)
    price = product.price
    return {
        "product_id": product.id,
        "kind": product.kind,
        "title_zh": product.title.zh,
        "title_en": product.title.en,
        "points": price.points,
        "least_points": price.least_points if price.cash_equivalent else None,
        "cash": price.cash.amount if price.cash else None,
        "cash_equivalent": price.cash_equivalent.amount if price.cash_equivalent else None,
        "cost": product.cost.amount if product.cost else None,
        "per_member": product.limits.per_member,
        "per_order": product.limits.per_order,
        "status": product.status,
        "on_sale_from": from_ms,
        "on_sale_until": until_ms,
        "terms_version": product.version,
        "specs": sku.specs,
        "freight": product.freight_template,
        "grams": sku.weight_grams if product.freight_template else None,
        "more": None if product.rare_terms == NO_TERMS else 1,
    }


class RestockItem(CatalogItem):
    """Units that came in or left, or that a count found: restock or correction."""

    id = UnicodeAttribute()
    quantity = IntegerAttribute()
    reason = UnicodeAttribute()
    made_by = UnicodeAttribute()
    made_of = BytesAttribute()
    created_at = IntegerAttribute()  # epoch milliseconds

    @classmethod
    def key(cls, sku: str, restock_id: str) -> RestockItem:
        return cls(f"SKU#{sku}", f"RESTOCK#{restock_id}")

    @classmethod
    def correction(cls, sku: str, correction_id: str) -> RestockItem:
        return cls(f"SKU#{sku}", f"CORRECT#{correction_id}")
