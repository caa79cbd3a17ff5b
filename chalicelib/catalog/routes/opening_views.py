"""When goods, and prices for a time, are to be had: as the API shows it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from chalicelib.catalog.rules.openings import EarlyTier, opening_of
from chalicelib.catalog.rules.products import Product
from chalicelib.catalog.rules.terms import shown_price_at
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped


class Seen(NamedTuple):
    """When goods are looked at, and the tiers that have them before others."""

    now: datetime
    early: list[EarlyTier]


class EarlyView(msgspec.Struct):
    """A tier whose members may have the goods `from` a moment on."""

    tier: str
    title: str
    from_: str = msgspec.field(name="from")


class OpeningView(msgspec.Struct):
    """A sale that begins for all at `from`; `early` has the tiers for which it begins sooner, the
    first one first."""

    from_: str = msgspec.field(name="from")
    early: list[EarlyView] = []


class TimedPriceView(msgspec.Struct):
    """The price that is in force from `from` until `until`, in place of the usual one; `opening`
    is null once it is in force for all."""

    points: int
    cash: Money | None
    cash_equivalent: Money | None
    min_points: int
    from_: str = msgspec.field(name="from")
    until: str
    opening: OpeningView | None = None


def opening_view(from_at: datetime | int | None, language: str, seen: Seen) -> OpeningView | None:
    found = opening_of(from_at, seen.early, seen.now)
    if found is None:
        return None
    early = [
        EarlyView(each.tier, each.title.in_language(language), rfc3339_ms(at_ms))
        for each, at_ms in found.early
    ]
    return OpeningView(rfc3339_ms(found.from_ms), early)


def timed_price(product: Product, language: str, seen: Seen) -> TimedPriceView | None:
    """The price for a time that is in force or the next to come."""
    price = shown_price_at(product.timed_prices, seen.now)
    if price is None:
        return None
    from_at, until = rfc3339(price.from_), rfc3339(price.until)
    least = price.least_points
    times = {"from_": from_at, "until": until}
    opening = opening_view(price.from_, language, seen)
    return shaped(TimedPriceView, price, min_points=least, opening=opening, **times)
