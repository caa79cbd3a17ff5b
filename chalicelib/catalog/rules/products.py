"""Products, prices, terms of sale and stock, as frozen values; where a product is listed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from chalicelib.catalog.rules.ratings import Rating
from chalicelib.catalog.rules.terms import (
    Points,
    SomePoints,
    Terms,
    TierLimitsByName,
    TierPoints,
    TimedPrice,
    UnitLimit,
)
from chalicelib.catalog.rules.validity import Validity
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money

MAX_STOCK = 10_000_000
LOW_STOCK = 10

Kind = Literal["physical", "virtual", "service"]
Status = Literal["draft", "on_sale", "off_sale"]
StockStatus = Literal["in_stock", "low", "sold_out"]

NOT_AHEAD = timedelta(0)


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
    """The most units for one member in all, in a day and in a month of the program, and in one
    order; null is no limit. `tiers` has other limits for members of a tier.
    """

    per_member: UnitLimit | None = None
    per_order: UnitLimit | None = None
    per_member_day: UnitLimit | None = None
    per_member_month: UnitLimit | None = None
    tiers: TierLimitsByName | None = None


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
    tiers: list[str] = []
    timed_prices: list[TimedPrice] = []
    # Of names and values of the specs, by them: `rules.spec_words` reads them.
    spec_words: dict[str, Localized] = {}

    @property
    def rare_terms(self) -> Terms:
        """The terms that few products have."""
        return Terms(
            tier_points=self.price.tier_points or {},
            tiers=self.tiers,
            timed_prices=self.timed_prices,
            per_member_day=self.limits.per_member_day,
            per_member_month=self.limits.per_member_month,
            tier_limits=self.limits.tiers or {},
        )

    @property
    def picture(self) -> str | None:
        return self.pictures[0] if self.pictures else None

    def shown(self, now: datetime, ahead: timedelta = NOT_AHEAD) -> bool:
        """Whether the public sees it: from so long before its sale."""
        return self.status == "on_sale" and within(now, *window_ms(self), ahead)

    def was_shown(self, now: datetime, ahead: timedelta = NOT_AHEAD) -> bool:
        """Whether the public sees it, or saw it until its sale ended."""
        start = self.on_sale_from
        return self.status != "draft" and (start is None or start <= now + ahead)

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
    rating: Rating = Rating()
    on_sale_from_ms: int | None = None


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A category of the catalog; lists show the lowest position first."""

    id: str
    version: int
    title: Localized
    position: int
    parent: str | None = None


def within(
    now: datetime, from_ms: int | None, until_ms: int | None, ahead: timedelta = NOT_AHEAD
) -> bool:
    """Whether an instant is in a time of sale: at or after its start, or so long before it, and
    before its end."""
    at = clock.to_ms(now)
    begun = from_ms is None or from_ms <= clock.to_ms(now + ahead)
    return begun and (until_ms is None or at < until_ms)


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


def stock_status(available: int, low_mark: int | None = None) -> StockStatus:
    if available <= 0:
        return "sold_out"
    low = LOW_STOCK if low_mark is None else low_mark
    return "low" if available <= low else "in_stock"
