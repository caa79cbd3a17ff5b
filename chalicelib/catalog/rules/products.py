"""Products, prices, terms of sale and stock, as frozen values; where a product is listed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.catalog.errors import ON_SALE_LATER, NotOnSale
from chalicelib.catalog.rules.validity import Validity
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import Money

MAX_POINTS = 1_000_000_000
MAX_STOCK = 10_000_000
LOW_STOCK = 10

Kind = Literal["physical", "virtual", "service"]
Status = Literal["draft", "on_sale", "off_sale"]
StockStatus = Literal["in_stock", "low", "sold_out"]

Points = Annotated[int, msgspec.Meta(ge=1, le=MAX_POINTS)]
SomePoints = Annotated[int, msgspec.Meta(ge=0, le=MAX_POINTS)]
TierName = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
TierPoints = Annotated[dict[TierName, Points], msgspec.Meta(max_length=20)]
UnitLimit = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class Localized(msgspec.Struct, frozen=True):
    """Words in both languages: `{"zh-CN": ..., "en": ...}`."""

    zh: str = msgspec.field(name="zh-CN")
    en: str

    def in_language(self, language: str) -> str:
        """The text in a language; in the other one if it is empty."""
        first, second = (self.en, self.zh) if language == "en" else (self.zh, self.en)
        return first or second


class Price(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The price of one unit: `points`, and `cash` besides.

    `cash_equivalent` replaces all of the points: with it, a member may pay any number of points
    from `min_points` up, and the rest in cash. Without it, all points are due.
    """

    points: Points
    cash: Money | None = None
    cash_equivalent: Money | None = None
    min_points: SomePoints | None = None
    tier_points: TierPoints | None = None

    @property
    def least_points(self) -> int:
        """The fewest points that one unit takes."""
        return self.points if self.cash_equivalent is None else self.min_points or 0


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most units for one member in all, and in one order; null is no limit."""

    per_member: UnitLimit | None = None
    per_order: UnitLimit | None = None


class Sku(msgspec.Struct, frozen=True):
    """One variant of a product: the unit of stock, reservation and shipping."""

    sku: str
    specs: dict[str, str]
    weight_grams: int | None = None


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product as ops describe it. Its stock is counted elsewhere, per SKU.

    `version` counts its changes and is the version of the terms on its stock.
    """

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
    status: Status
    on_sale_from: datetime | None
    on_sale_until: datetime | None
    skus: list[Sku]
    created_at: datetime
    updated_at: datetime
    freight_template: str | None = None
    # Of both languages, compressed: `rules.details` reads it.
    packed_details: bytes | None = None
    validity: Validity | None = None
    use_rules: Localized = Localized("", "")

    @property
    def picture(self) -> str | None:
        return self.pictures[0] if self.pictures else None

    def shown(self, now: datetime) -> bool:
        """Whether the public sees it."""
        return self.status == "on_sale" and within(
            now, _ms(self.on_sale_from), _ms(self.on_sale_until)
        )

    def shelves(self) -> set[str]:
        """The lists that show it while it is on sale, one for each pair of filters."""
        if self.status != "on_sale":
            return set()
        return {
            shelf(category=category, kind=kind)
            for category in (None, self.category)
            for kind in (None, self.kind)
        }


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A product in a list; `available` units are left over its SKUs."""

    product_id: str
    version: int
    title: Localized
    kind: Kind
    category: str
    picture: str | None
    price: Price
    status: Status
    available: int
    created_at_ms: int


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of sale of a SKU and its available units, in one read.

    For one unit, in minor units: `cash` is always due, `cash_equivalent` replaces all points
    (None: no cash does), `cost` is our own cost (None: unknown). A reservation fails once
    `terms_version` has changed, so a sale is always on these terms.
    """

    sku: str
    product_id: str
    kind: Kind
    title: Localized
    points: int
    least_points: int
    cash: int
    cash_equivalent: int | None
    cost: int | None
    per_member: int | None
    per_order: int | None
    status: Status
    on_sale_from_ms: int | None
    on_sale_until_ms: int | None
    terms_version: int
    available: int
    specs: dict[str, str]
    # The id of its freight template (None: its freight is free), and the weight of one unit.
    freight: str | None = None
    grams: int | None = None

    def on_sale(self, now: datetime) -> bool:
        return self.status == "on_sale" and within(now, self.on_sale_from_ms, self.on_sale_until_ms)


def title_of(offer: Offer) -> Words:
    return Words(offer.title.zh, offer.title.en)


def not_on_sale(offer: Offer, now: datetime) -> NotOnSale:
    """The refusal of a SKU that is not on sale; it tells the start of its sale, if known."""
    refusal = NotOnSale(sku=offer.sku).telling(title=title_of(offer))
    from_ms = offer.on_sale_from_ms
    if offer.status != "on_sale" or from_ms is None or from_ms <= clock.to_ms(now):
        return refusal
    return refusal.telling(at=clock.shown(clock.from_ms(from_ms))).saying(ON_SALE_LATER)


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A category of the catalog; lists show the lowest position first."""

    id: str
    version: int
    title: Localized
    position: int
    parent: str | None = None


def within(now: datetime, from_ms: int | None, until_ms: int | None) -> bool:
    """Whether an instant is in a time of sale: at or after its start, before its end."""
    at = clock.to_ms(now)
    return (from_ms is None or from_ms <= at) and (until_ms is None or at < until_ms)


def _ms(at: datetime | None) -> int | None:
    return None if at is None else clock.to_ms(at)


def window_ms(product: Product) -> tuple[int | None, int | None]:
    """Start and end of its time of sale in epoch milliseconds; None where it is open."""
    return _ms(product.on_sale_from), _ms(product.on_sale_until)


def shelf(*, category: str | None = None, kind: str | None = None) -> str:
    """The name of the list with these filters: `all`, `cat:home`, `cat:home:kind:virtual`."""
    parts = [f"cat:{category}"] if category else []
    parts += [f"kind:{kind}"] if kind else []
    return ":".join(parts) or "all"


def stock_status(available: int) -> StockStatus:
    if available <= 0:
        return "sold_out"
    return "low" if available <= LOW_STOCK else "in_stock"
