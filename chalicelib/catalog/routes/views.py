"""The catalog as the API shows it: to the public in one language, to ops in full."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from chalicelib.catalog.routes.opening_views import (
    OpeningView,
    Seen,
    TimedPriceView,
    opening_view,
    timed_price,
)
from chalicelib.catalog.routes.rating_views import RatingView, StarsView, rating_view, stars_view
from chalicelib.catalog.routes.validity_views import ValidityView, validity_view
from chalicelib.catalog.rules import products
from chalicelib.catalog.rules.details import details_of
from chalicelib.catalog.rules.matrix import Axis, axes_of
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.products import (
    Category,
    Kind,
    Limits,
    Listed,
    Localized,
    Price,
    Product,
    Sku,
)
from chalicelib.catalog.rules.ratings import Rating
from chalicelib.catalog.rules.spec_words import skus_in
from chalicelib.catalog.rules.uploads import thumbnail_of
from chalicelib.kernel.clock import rfc3339
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped


class Stock(msgspec.Struct):
    """`low` is ten or fewer, or the SKU's low mark. A product's is the sum over its SKUs."""

    status: products.StockStatus
    available: int


class SkuView(msgspec.Struct):
    sku: str
    specs: dict[str, str]
    stock: Stock


class ProductRow(msgspec.Struct):
    """A product in a list. `opening` is null once all may have it."""

    id: str
    title: str
    kind: Kind
    category: str
    picture: str | None
    thumbnail: str | None
    price: Price
    stock: Stock
    created_at: str
    rating: RatingView
    opening: OpeningView | None = None


class ProductView(msgspec.Struct):
    """A product on sale, in the reader's language. `details` is HTML of a text's elements alone;
    `specs` are the axes of the matrix that its SKUs fill.

    `timed_price` is the price for a time that is in force, or else the next to come. If `tiers`
    are named, only their members may have the goods. `opening` is null once all others may.
    """

    id: str
    title: str
    description: str
    kind: Kind
    category: str
    brand: str | None
    scene: list[str]
    pictures: list[str]
    thumbnails: list[str]
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
    tiers: list[str]
    timed_price: TimedPriceView | None
    rating: StarsView
    opening: OpeningView | None = None


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


class AdminTimedPrice(msgspec.Struct):
    """A price for a time, as ops sent it."""

    points: int
    cash: Money | None
    cash_equivalent: Money | None
    min_points: int | None
    from_: str = msgspec.field(name="from")
    until: str


class AdminProduct(msgspec.Struct):
    """A product as ops sent it, with its version and present stock; specs are as ops named them."""

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
    spec_words: dict[str, Localized]
    created_at: str
    updated_at: str
    freight_template: str | None = None
    timed_prices: list[AdminTimedPrice] = []


class AdminProductRow(msgspec.Struct):
    """A product in the list of ops."""

    id: str
    version: int
    title: Localized
    kind: Kind
    category: str
    picture: str | None
    thumbnail: str | None
    points: int
    price: Price
    status: products.Status
    stock: Stock
    created_at: str


def stock_view(available: int, low_mark: int | None = None) -> Stock:
    return Stock(products.stock_status(available, low_mark), available)


def shown_price(price: Price) -> Price:
    """A price with its least points filled in."""
    return msgspec.structs.replace(price, min_points=price.least_points)


def product_row(listed: Listed, language: str, seen: Seen) -> ProductRow:
    return shaped(
        ProductRow,
        listed,
        id=listed.product_id,
        title=listed.title.in_language(language),
        thumbnail=thumbnail_of(listed.picture),
        price=shown_price(listed.price),
        stock=stock_view(listed.available),
        rating=rating_view(listed.rating),
        opening=opening_view(listed.on_sale_from_ms, language, seen),
    )


def product_view(
    product: Product, available: dict[str, int], rating: Rating, language: str, seen: Seen
) -> ProductView:
    until, skus = product.on_sale_until, skus_in(product, language)
    return shaped(
        ProductView,
        product,
        title=product.title.in_language(language),
        description=product.description.in_language(language),
        price=shown_price(product.price),
        stock=stock_view(sum(available.values())),
        thumbnails=[thumbnail_of(path) for path in product.pictures],
        specs=axes_of(skus),
        skus=[SkuView(sku.sku, sku.specs, stock_view(available[sku.sku])) for sku in skus],
        details=details_of(product).in_language(language),
        validity=validity_view(product.validity),
        use_rules=product.use_rules.in_language(language),
        on_sale_until=rfc3339(until) if until else None,
        created_at=rfc3339(product.created_at),
        timed_price=timed_price(product, language, seen),
        rating=stars_view(rating),
        opening=opening_view(product.on_sale_from, language, seen),
    )


def category_view(category: Category, language: str) -> CategoryView:
    return shaped(CategoryView, category, title=category.title.in_language(language))


def admin_category(category: Category) -> AdminCategoryView:
    return shaped(AdminCategoryView, category)


def admin_product(product: Product, offers: Mapping[str, Offer]) -> AdminProduct:
    from_at, until = product.on_sale_from, product.on_sale_until
    return shaped(
        AdminProduct,
        product,
        on_sale_from=rfc3339(from_at) if from_at else None,
        on_sale_until=rfc3339(until) if until else None,
        specs=axes_of(product.skus),
        skus=[_admin_sku(sku, offers.get(sku.sku)) for sku in product.skus],
        details=details_of(product),
        validity=validity_view(product.validity),
        created_at=rfc3339(product.created_at),
        updated_at=rfc3339(product.updated_at),
        timed_prices=[
            shaped(AdminTimedPrice, price, from_=rfc3339(price.from_), until=rfc3339(price.until))
            for price in product.timed_prices
        ],
    )


def _admin_sku(sku: Sku, offer: Offer | None) -> AdminSku:
    stock, shards = (offer.available, offer.shards) if offer else (0, 1)
    return AdminSku(sku.sku, sku.specs, stock, shards, sku.weight_grams)


def admin_row(listed: Listed) -> AdminProductRow:
    return shaped(
        AdminProductRow,
        listed,
        id=listed.product_id,
        points=listed.price.points,
        thumbnail=thumbnail_of(listed.picture),
        price=shown_price(listed.price),
        stock=stock_view(listed.available),
    )
