"""What lowered the price of an order or a quote, as members and staff see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from chalicelib.campaigns import Step, ahead_words
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped
from chalicelib.orders.routes.cash_views import cash
from chalicelib.orders.rules import OrderLine
from chalicelib.orders.rules.coupons import Judged
from chalicelib.orders.rules.discounts import Discount, Discounts


class LineSavingView(msgspec.Struct):
    """What discounts took off a line, and what it would have cost without them."""

    list_points: int
    list_cash: Money
    points: int
    cash: Money


class DiscountLineView(msgspec.Struct):
    """What a discount took off a line."""

    sku: str
    points: int
    cash: Money


class DiscountView(msgspec.Struct):
    """What a campaign or a coupon took off: `points` and `cash` are the sums of its lines and of
    freight. `reason` is the kind of discount in a word, such as `full_reduction`."""

    kind: Literal["campaign", "coupon"]
    id: str
    title: str
    reason: str
    points: int
    cash: Money
    lines: list[DiscountLineView]


class NearView(msgspec.Struct):
    """A campaign whose next step is near: goods of `missing` more take `off` more, both in points
    or both in cash (minor units). `text` says it."""

    campaign_id: str
    title: str
    unit: Literal["points", "cash"]
    missing: int
    off: int
    text: str


class SavedView(msgspec.Struct):
    points: int
    cash: Money


class OrderCouponView(msgspec.Struct):
    """The coupon of an order, and what it saved."""

    id: str
    saved: SavedView


class QuoteCouponView(msgspec.Struct):
    """One of the member's coupons: what it would save here, or the `problem` why it does not
    apply. `best` saves most. It lapses at `valid_until`."""

    id: str
    title: str
    kind: Literal["amount_off", "percent_off", "points_off", "free_freight", "gift"]
    valid_until: str
    saves: SavedView | None
    problem: str | None
    best: bool


def judged_view(judged: Judged, language: str) -> QuoteCouponView:
    coupon, saved = judged.coupon, judged.saved
    title = Words(coupon.title_zh, coupon.title_en).in_language(language)
    return QuoteCouponView(
        id=coupon.id,
        title=title,
        kind=coupon.terms.kind,
        valid_until=rfc3339_ms(coupon.valid_until_ms),
        saves=SavedView(saved.points, cash(saved.cash)) if saved else None,
        problem=judged.refusal.detail(language) if judged.refusal else None,
        best=judged.is_best,
    )


def saving_view(
    discounts: Discounts, place: int, line: OrderLine, currency: str | None
) -> LineSavingView | None:
    """What a line saved, by its place; None if nothing lowered its price."""
    share = discounts.of_line(place)
    if not (share.points or share.cash):
        return None
    return LineSavingView(
        line.points + share.points,
        cash(line.cash + share.cash, currency),
        share.points,
        cash(share.cash, currency),
    )


def discount_views(
    discounts: Discounts, lines: Sequence[OrderLine], language: str, currency: str | None
) -> list[DiscountView]:
    return [_discount(each, lines, language, currency) for each in discounts.given]


def near_views(steps: Iterable[Step], language: str) -> list[NearView]:
    """What the steps of prices tell of more goods."""
    return [
        shaped(
            NearView,
            ahead,
            campaign_id=step.id,
            title=Words(step.title_zh, step.title_en).in_language(language),
            text=ahead_words(ahead, config().currency).in_language(language),
        )
        for step in steps
        if (ahead := step.outcome.ahead)
    ]


def coupon_view(discounts: Discounts, currency: str | None) -> OrderCouponView | None:
    if discounts.coupon is None:
        return None
    given = discounts.of_coupon
    points, amount = (given.points, given.cash) if given else (0, 0)
    return OrderCouponView(discounts.coupon.id, SavedView(points, cash(amount, currency)))


def _discount(
    given: Discount, lines: Sequence[OrderLine], language: str, currency: str | None
) -> DiscountView:
    shares = [
        DiscountLineView(lines[share.line].sku, share.points, cash(share.cash, currency))
        for share in given.shares
    ]
    title, amount = given.title.in_language(language), cash(given.cash, currency)
    return shaped(DiscountView, given, title=title, cash=amount, lines=shares)
