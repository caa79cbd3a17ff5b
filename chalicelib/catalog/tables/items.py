"""Items of the catalog table.

PRD#<product>   PRODUCT          the product
PRD#<product>   TERMS            its rare terms of sale
SKU#<sku>       SHARD#00         terms of sale and stock, the head: the hot item, under 1 KB
SKU#<sku>#07    SHARD#07         the same terms and more stock: local indexes keep what has one
                                 partition key in one partition, so each shard has its own
SKU#<sku>       RESTOCK#<id>     units that came in or left
SKU#<sku>       CORRECT#<id>     a correction of the count
SHELF#<list>    <product>        a row of a list
CATEGORIES      <category>       a category
FREIGHT         <template>       a freight template
MADE#<id>       CATEGORY         which category a key made
STORES          <store>          a store
SLOTS#<product> <slot>           a time of a service; its seats
MADE#<id>       SLOTS            which slots a key made
POOL#<sku>      POOL             how many codes were ever taken into the pool
POOL#<sku>      COUNT#<n>        how many of them were issued, in parts
POOL#<sku>      FREE#<hash>      a code that nobody has
POOL#<sku>      ISSUED#<hash>    a code and the order that has it; index `by_code` finds it
FAV#<member>    <product>        a favourite
IMPORT#<id>     IMPORT           how far an import of codes has come
PRD#<product>   STOCK            its stock in short, made from the stream
MOVES#<sku>#<n> <time>#<number>  a movement of stock, made from the stream
ALERTS          <sku>            a SKU beyond a mark
"""

from __future__ import annotations

from collections.abc import Iterable

from pynamodb.attributes import UnicodeAttribute

from chalicelib.catalog.rules.products import (
    Category,
    Localized,
    Price,
    Product,
    shelf,
    window_ms,
)
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.kernel.store.indexes import including, index
from chalicelib.kernel.store.tables import Item

ADMIN_SHELF = "admin"
PRODUCT = "PRODUCT"


class CatalogItem(Item):
    class Meta:
        table_name = config().table("catalog")

    newest_index = index("newest", "pk", "newest")
    by_points_index = index("by_points", "pk", "by_points")
    # Issued codes, by what they are: a sparse index, for the staff to find the order.
    by_code = index(
        "by_code",
        "lookup",
        "issued_at",
        projection=including("order_id"),
        order_type=IntegerAttribute,
    )

    @property
    def content(self) -> bytes | None:
        """The digest of the request that made it."""
        made_of: bytes | None = getattr(self, "made_of", None)
        return made_of


class ProductItem(CatalogItem):
    version = IntegerAttribute()
    product = StructAttribute[Product](Product)
    made_of = BytesAttribute()

    @classmethod
    def of(cls, product: Product, made_of: bytes) -> ProductItem:
        return cls(
            f"PRD#{product.id}",
            PRODUCT,
            version=product.version,
            product=product,
            made_of=made_of,
        )

    @classmethod
    def read(cls, product_id: str, *, consistent: bool) -> ProductItem | None:
        item: ProductItem | None = cls.find(f"PRD#{product_id}", PRODUCT, consistent=consistent)
        return item


class ShelfItem(CatalogItem):
    """A product in one list. `newest` and `by_points` are the orders of the list."""

    product_id = UnicodeAttribute()
    newest = UnicodeAttribute()
    by_points = UnicodeAttribute()
    points = IntegerAttribute()
    price = StructAttribute[Price](Price, null=True)  # absent where it is points alone
    status = UnicodeAttribute()
    on_sale_from = IntegerAttribute(null=True)  # epoch milliseconds
    on_sale_until = IntegerAttribute(null=True)
    version = IntegerAttribute()
    title = StructAttribute[Localized](Localized)
    kind = UnicodeAttribute()
    category = UnicodeAttribute()
    picture = UnicodeAttribute(null=True)
    skus = StructAttribute[list[str]](list[str])
    created_at = IntegerAttribute()  # epoch milliseconds
    # What lists are filtered by without the index of goods. Rows of earlier releases have none.
    least_points = IntegerAttribute(null=True)  # absent where all points are due
    marks = UnicodeAttribute(null=True)

    @classmethod
    def key(cls, shelf_name: str, product_id: str) -> ShelfItem:
        return cls(f"SHELF#{shelf_name}", product_id)

    @classmethod
    def of(cls, shelf_name: str, product: Product) -> ShelfItem:
        price, created_ms = product.price, clock.to_ms(product.created_at)
        from_ms, until_ms = window_ms(product)
        return cls.holding(
            product,
            f"SHELF#{shelf_name}",
            product.id,
            product_id=product.id,
            newest=f"{created_ms:013d}#{product.id}",
            by_points=f"{points_order(price.points)}#{product.id}",
            points=price.points,
            price=price if price.cash or price.cash_equivalent else None,
            on_sale_from=from_ms,
            on_sale_until=until_ms,
            picture=product.picture,
            skus=[sku.sku for sku in product.skus],
            created_at=created_ms,
            least_points=price.least_points if price.least_points != price.points else None,
            marks="".join(marks_of(product.brand, product.scene)) or None,
        )


def marks_of(brand: str | None, scenes: Iterable[str]) -> list[str]:
    """How a row tells of its brand and its scenes, one text each."""
    marks = [f"|b:{brand}|"] if brand else []
    return marks + [f"|s:{scene}|" for scene in scenes if scene]


def points_order(points: int) -> str:
    """Points as text that sorts as they do."""
    return f"{points:010d}"


def shelf_names(product: Product) -> set[str]:
    """Every list that holds the product, that of ops among them."""
    return product.shelves() | {ADMIN_SHELF}


def shelf_key(category: str | None, kind: str | None) -> str:
    return f"SHELF#{shelf(category=category, kind=kind)}"


class CategoryItem(CatalogItem):
    version = IntegerAttribute()
    category = StructAttribute[Category](Category)

    @classmethod
    def key(cls, category_id: str) -> CategoryItem:
        return cls("CATEGORIES", category_id)

    @classmethod
    def of(cls, category: Category) -> CategoryItem:
        item = cls.key(category.id)
        item.version, item.category = category.version, category
        return item


class MadeCategoryItem(CatalogItem):
    """The category that an idempotency key made; its id is the caller's choice."""

    category_id = UnicodeAttribute()
    made_of = BytesAttribute()

    @classmethod
    def key(cls, made_id: str) -> MadeCategoryItem:
        return cls(f"MADE#{made_id}", "CATEGORY")
