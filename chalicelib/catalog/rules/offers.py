"""The terms of sale of a SKU and its units, as an order sees them."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.catalog.errors import ON_SALE_LATER, NotOnSale, TierRequired
from chalicelib.catalog.rules.products import Kind, Localized, Status, within
from chalicelib.catalog.rules.terms import (
    NO_TERMS,
    NOT_EARLY,
    Terms,
    TierLimits,
    UnitPrice,
    limits_at,
    price_at,
)
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Words


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of sale of a SKU and its available units, in one read.

    For one unit, in minor units: `cash` is always due, `cash_equivalent` replaces all points
    (None: no cash does), `cost` is our own cost (None: unknown). A reservation fails once
    `terms_version` has changed, so a sale is always on these terms. `left` are the units by shard
    that were seen, None if only the first was; `available` is their sum. `rare_terms` are read
    where `has_rare_terms`. `is_certain`: too few units are too few, and need no other look;
    `empty_in` is the epoch in which all shards were empty. `version` counts changes of its shards
    and marks.
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
    shards: int = 1
    left: dict[int, int] | None = None
    low_mark: int | None = None
    high_mark: int | None = None
    has_rare_terms: bool = False
    rare_terms: Terms = NO_TERMS
    per_member_day: int | None = None
    per_member_month: int | None = None
    is_certain: bool = False
    empty_in: int | None = None
    version: int = 1

    def on_sale(self, now: datetime) -> bool:
        return self.status == "on_sale" and within(now, self.on_sale_from_ms, self.on_sale_until_ms)

    @property
    def asks_for_tier(self) -> bool:
        """Whether its terms may differ by the tier of a member."""
        return self.rare_terms != NO_TERMS

    def to_member(self, tier: str, now: datetime, early: timedelta = NOT_EARLY) -> Offer:
        """The offer to a member of a tier now: its price and limits are theirs, and its sale and
        its prices for a time begin `early`."""
        if early and self.on_sale_from_ms is not None:
            from_ms = self.on_sale_from_ms - early // timedelta(milliseconds=1)
            opened = msgspec.structs.replace(self, on_sale_from_ms=from_ms)
            return opened._on_terms(tier, now, early)
        return self._on_terms(tier, now, early)

    def _on_terms(self, tier: str, now: datetime, early: timedelta) -> Offer:
        if self.rare_terms == NO_TERMS:
            return self
        usual = UnitPrice(self.points, self.least_points, self.cash, self.cash_equivalent)
        price = price_at(usual, self.rare_terms, tier, now, early)
        ours = TierLimits(per_member=self.per_member, per_order=self.per_order)
        limits = limits_at(self.rare_terms, tier, ours)
        return msgspec.structs.replace(
            self,
            points=price.points,
            least_points=price.least_points,
            cash=price.cash,
            cash_equivalent=price.equivalent,
            **msgspec.structs.asdict(limits),
        )

    def check_tier(self, tier: str) -> None:
        """Check that members of a tier may have it.

        Raises TierRequired.
        """
        tiers = self.rare_terms.tiers
        if tiers and tier not in tiers:
            raise TierRequired(sku=self.sku, tiers=tiers).telling(title=title_of(self))


def title_of(offer: Offer) -> Words:
    return Words(offer.title.zh, offer.title.en)


def not_on_sale(offer: Offer, now: datetime) -> NotOnSale:
    """The refusal of a SKU that is not on sale; it tells the start of its sale, if known."""
    refusal = NotOnSale(sku=offer.sku).telling(title=title_of(offer))
    from_ms = offer.on_sale_from_ms
    if offer.status != "on_sale" or from_ms is None or from_ms <= clock.to_ms(now):
        return refusal
    return refusal.telling(at=clock.shown(clock.from_ms(from_ms))).saying(ON_SALE_LATER)
