"""The catalog as the API shows it: to the public in one language, to ops in full."""

from __future__ import annotations

import msgspec

from chalicelib.catalog.rules import products
from chalicelib.catalog.rules.details import details_of
from chalicelib.catalog.rules.matrix import Axis, axes_of
from chalicelib.catalog.rules.products import (
    Category,
    Kind,
    Limits,
    Listed,
    Localized,
    Offer,
    Price,
    Product,
)
from chalicelib.catalog.rules.validity import Validity
from chalicelib.kernel.clock import rfc3339
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped


class Stock(msgspec.Struct):
    """`low` is ten or fewer. The stock of a product is the sum over its SKUs."""

    status: products.StockStatus
    available: int


class SkuView(msgspec.Struct):
    sku: str
    specs: dict[str, str]
    stock: Stock


class ValidityView(msgspec.Struct):
    """How long what was redeemed may be used: `days` after the day of the redemption, or times."""

    days: int | None
    start: str | None = msgspec.field(name="from")
    until: str | None


class ProductRow(msgspec.Struct):
    """A product in a list."""

    id: str
    title: str
    kind: Kind
    category: str
    picture: str | None
    price: Price
    stock: Stock
    created_at: str


class ProductView(msgspec.Struct):
    """A product on sale, in the reader's language. `details` is HTML of a text's elements alone;
    `specs` are the axes of the matrix that its SKUs fill."""

    id: str
    title: str
    description: str
    kind: Kind
    category: str
    brand: str | None
    scene: list[str]
    pictures: list[str]
    price: Price
    limits: Limits
    stock: Stock
    specs: list[Axis]
    skus: list[SkuView]
    details: str
    validity: ValidityView | None
    use_rules: str
    on_sale_until: str | None
    created_at: str


class CategoryView(msgspec.Struct):
    """A category; it stands below its `parent`, or at the top."""

    id: str
    title: str
    position: int
    parent: str | None


class AdminCategoryView(msgspec.Struct):
    id: str
    version: int
    title: Localized
    position: int
    parent: str | None


class AdminSku(msgspec.Struct):
    """`stock` is the number of units now."""

    sku: str
    specs: dict[str, str]
    stock: int
    shards: int
    weight_grams: int | None = None


class AdminProduct(msgspec.Struct):
    """A product as ops sent it, with its version and present stock."""

    id: str
    version: int
    title: Localized
    description: Localized
    kind: Kind
    category: str
    brand: str | None
    scene: list[str]
    pictures: list[str]
    price: Price
    cost: Money | None
    limits: Limits
    tiers: list[str]
    status: products.Status
    on_sale_from: str | None
    on_sale_until: str | None
    specs: list[Axis]
    skus: list[AdminSku]
    details: Localized
    validity: ValidityView | None
    use_rules: Localized
    created_at: str
    updated_at: str
    freight_template: str | None = None


class AdminProductRow(msgspec.Struct):
    """A product in the list of ops."""

    id: str
    version: int
    title: Localized
    kind: Kind
    category: str
    picture: str | None
    points: int
    price: Price
    status: products.Status
    stock: Stock
    created_at: str


class AdminSkuView(msgspec.Struct):
    """A SKU with its terms of sale; cash in minor units of the stage's currency."""

    sku: str
    product_id: str
    title: Localized
    kind: Kind
    points: int
    cash: int
    cash_equivalent: int | None
    status: products.Status
    specs: dict[str, str]
    stock: Stock
    shards: int


class RestockView(msgspec.Struct):
    """A restock; `available` is the number of units now."""

    id: str
    sku: str
    quantity: int
    available: int
    reason: str
    created_at: str


class ImportView(msgspec.Struct):
    """An import of codes; `free` is the number of free codes in the pool now."""

    id: str
    sku: str
    imported: int
    duplicates: int
    free: int


class PoolView(msgspec.Struct):
    sku: str
    free: int
    issued: int


def stock_view(available: int) -> Stock:
    return Stock(products.stock_status(available), available)


def shown_price(price: Price) -> Price:
    """A price with its least points filled in."""
    return msgspec.structs.replace(price, min_points=price.least_points)


def product_row(listed: Listed, language: str) -> ProductRow:
    return shaped(
        ProductRow,
        listed,
        id=listed.product_id,
        title=listed.title.in_language(language),
        price=shown_price(listed.price),
        stock=stock_view(listed.available),
    )


def product_view(product: Product, available: dict[str, int], language: str) -> ProductView:
    until = product.on_sale_until
    return shaped(
        ProductView,
        product,
        title=product.title.in_language(language),
        description=product.description.in_language(language),
        price=shown_price(product.price),
        stock=stock_view(sum(available.values())),
        specs=axes_of(product.skus),
        skus=[SkuView(sku.sku, sku.specs, stock_view(available[sku.sku])) for sku in product.skus],
        details=details_of(product).in_language(language),
        validity=validity_view(product.validity),
        use_rules=product.use_rules.in_language(language),
        on_sale_until=rfc3339(until) if until else None,
        created_at=rfc3339(product.created_at),
    )


def validity_view(validity: Validity | None) -> ValidityView | None:
    if validity is None:
        return None
    start, until = validity.start, validity.until
    return ValidityView(
        validity.days, rfc3339(start) if start else None, rfc3339(until) if until else None
    )


def category_view(category: Category, language: str) -> CategoryView:
    return shaped(CategoryView, category, title=category.title.in_language(language))


def admin_category(category: Category) -> AdminCategoryView:
    return shaped(AdminCategoryView, category)


def admin_product(product: Product, available: dict[str, int]) -> AdminProduct:
    from_at, until = product.on_sale_from, product.on_sale_until
    return shaped(
        AdminProduct,
        product,
        tiers=[],
        on_sale_from=rfc3339(from_at) if from_at else None,
        on_sale_until=rfc3339(until) if until else None,
        specs=axes_of(product.skus),
        skus=[
            AdminSku(sku.sku, sku.specs, available[sku.sku], 1, sku.weight_grams)
            for sku in product.skus
        ],
        details=details_of(product),
        validity=validity_view(product.validity),
        created_at=rfc3339(product.created_at),
        updated_at=rfc3339(product.updated_at),
    )


def admin_row(listed: Listed) -> AdminProductRow:
    return shaped(
        AdminProductRow,
        listed,
        id=listed.product_id,
        points=listed.price.points,
        price=shown_price(listed.price),
        stock=stock_view(listed.available),
    )


def admin_sku(offer: Offer) -> AdminSkuView:
    return shaped(AdminSkuView, offer, stock=stock_view(offer.available), shards=1)
