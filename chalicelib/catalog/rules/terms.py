"""Terms of sale that few products have: prices for a time or a tier, limits of a time or a tier.

They stand beside the stock, under the version of the terms on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

import msgspec

from chalicelib.catalog.rules.validity import Instant
from chalicelib.kernel.money import Money
from chalicelib.kernel.spelling import one_line
from chalicelib.kernel.texts import kind

MAX_POINTS = 1_000_000_000
MAX_TIMED_PRICES = 10
NOT_EARLY = timedelta(0)

Points = Annotated[int, msgspec.Meta(ge=1, le=MAX_POINTS)]
SomePoints = Annotated[int, msgspec.Meta(ge=0, le=MAX_POINTS)]
# Stored terms are read by it, too: it is spelt in one way, and asks for no form.
TierName = Annotated[str, kind(32, one_line, None)]
TierPoints = Annotated[dict[TierName, Points], msgspec.Meta(max_length=20)]
UnitLimit = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class TimedPrice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole price of one unit `from` a moment `until` another, in place of the usual one."""

    from_: Instant = msgspec.field(name="from")
    until: Instant
    points: Points
    cash: Money | None = None
    cash_equivalent: Money | None = None
    min_points: SomePoints | None = None

    @property
    def least_points(self) -> int:
        return self.points if self.cash_equivalent is None else self.min_points or 0

    def runs(self, now: datetime, early: timedelta = NOT_EARLY) -> bool:
        return self.from_ - early <= now < self.until


class TierLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of a tier's members, in place of those of all; null is that of all."""

    per_member: UnitLimit | None = None
    per_member_day: UnitLimit | None = None
    per_member_month: UnitLimit | None = None
    per_order: UnitLimit | None = None


TierLimitsByName = Annotated[dict[TierName, TierLimits], msgspec.Meta(max_length=20)]


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rare terms of a product: points by tier, tiers that may have it (none: all may), prices
    for a time, limits of one member in a day and in a month of the program, limits by tier.
    """

    tier_points: dict[str, int] = {}
    tiers: list[str] = []
    timed_prices: list[TimedPrice] = []
    per_member_day: int | None = None
    per_member_month: int | None = None
    tier_limits: dict[str, TierLimits] = {}


NO_TERMS = Terms()


class UnitPrice(NamedTuple):
    """The price of one unit: minor units of cash; `equivalent` replaces all points."""

    points: int
    least_points: int
    cash: int
    equivalent: int | None


def price_at(
    usual: UnitPrice, terms: Terms, tier: str, now: datetime, early: timedelta = NOT_EARLY
) -> UnitPrice:
    """The price of a unit for a tier now: that of a time if one runs, in fewer points if the tier's
    are fewer. Cash that replaces points falls with them, rounded up.
    """
    timed = running_price(terms.timed_prices, now, early)
    price = usual if timed is None else _unit_price(timed)
    points = terms.tier_points.get(tier)
    if points is None or points >= price.points:
        return price
    equivalent = price.equivalent
    if equivalent is not None:
        equivalent = -(-equivalent * points // price.points)
    least = points if equivalent is None else min(price.least_points, points)
    return UnitPrice(points, least, price.cash, equivalent)


def running_price(
    timed: Sequence[TimedPrice], now: datetime, early: timedelta = NOT_EARLY
) -> TimedPrice | None:
    """The price that runs; who is `early` has the one to come in place of it."""
    running = [price for price in timed if price.runs(now, early)]
    return max(running, key=lambda price: price.from_, default=None)


def shown_price_at(timed: Sequence[TimedPrice], now: datetime) -> TimedPrice | None:
    """The price for a time that runs, or else the next one to come."""
    left = [price for price in timed if now < price.until]
    return min(left, key=lambda price: price.from_, default=None)


def limits_at(terms: Terms, tier: str, usual: TierLimits) -> TierLimits:
    """The limits of a tier's member, beside the `usual` ones on the stock."""
    of_tier = terms.tier_limits.get(tier, TierLimits())
    return TierLimits(
        per_member=of_tier.per_member or usual.per_member,
        per_member_day=of_tier.per_member_day or terms.per_member_day,
        per_member_month=of_tier.per_member_month or terms.per_member_month,
        per_order=of_tier.per_order or usual.per_order,
    )


def _unit_price(timed: TimedPrice) -> UnitPrice:
    return UnitPrice(
        timed.points,
        timed.least_points,
        timed.cash.amount if timed.cash else 0,
        timed.cash_equivalent.amount if timed.cash_equivalent else None,
    )
