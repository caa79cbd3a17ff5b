"""Quotes of orders: the price of goods today, in groups of one kind. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.earning import WayToEarn, ways_to_earn, with_ways_to_earn
from chalicelib.kernel.money import Money
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import quoting
from chalicelib.orders.routes import examples, views
from chalicelib.orders.routes.cash_views import cash
from chalicelib.orders.routes.discount_views import (
    DiscountView,
    NearView,
    OrderCouponView,
    QuoteCouponView,
    coupon_view,
    discount_views,
    judged_view,
    near_views,
    saving_view,
)
from chalicelib.orders.routes.orders import REFUSALS, OrderIn, request_of
from chalicelib.orders.routes.views import LineView
from chalicelib.orders.rules.quoting import Delivery, Quote

quotes = Blueprint(__name__)


class Shortfall(msgspec.Struct):
    """The number of missing points, and ways to earn them."""

    points: int
    ways_to_earn: list[WayToEarn]


class PointsRange(msgspec.Struct):
    """All numbers of points from `least` to `most`."""

    least: int
    most: int


class DeliveryView(msgspec.Struct):
    """The delivery to the address that was asked for, or to the default one.

    `free`: the goods have no freight. `known`: the freight is in the quote. `no_address`: there is
    no address yet, so the quote is without freight. `not_delivered`: no order can be placed with
    this address; `delivers_to` are the provinces where one could.
    """

    status: Literal["free", "known", "no_address", "not_delivered"]
    province: str | None
    delivers_to: list[str]


class QuoteGroup(msgspec.Struct):
    """The goods of one kind: an order of its own."""

    kind: Literal["physical", "virtual", "service"]
    lines: list[LineView]
    points: int
    cash: Money
    freight: Money
    freight_points: int
    payable_points: list[PointsRange]
    delivery: DeliveryView
    missing_points: int
    discounts: list[DiscountView]
    coupon: OrderCouponView | None


class QuoteQuery(msgspec.Struct, forbid_unknown_fields=True):
    """With `coupons` the quote tells what each of the member's coupons would save."""

    coupons: bool = False


class QuoteView(msgspec.Struct):
    """The price of goods today. `payable_points` are the numbers of points that can pay for it
    by this method, whatever the member has: with others the cash could not be charged.

    `cash` includes `freight`, and `points` include `freight_points`. Goods of several kinds are
    quoted in `groups`, which are ordered apart: then the sums are of all groups, and each has its
    own `payable_points`.

    A coupon is for one group, the first to which it applies. `coupons` are the member's own, those
    that save most first, 20 at most; null if they were not asked for.

    `near` are campaigns that take off more once there are more goods.
    """

    lines: list[LineView]
    points: int
    cash: Money
    freight: Money
    payable_points: list[PointsRange]
    shortfall: Shortfall | None
    freight_points: int
    delivery: DeliveryView
    groups: list[QuoteGroup]
    discounts: list[DiscountView]
    coupon: OrderCouponView | None
    coupons: list[QuoteCouponView] | None
    near: list[NearView]


@route(
    quotes, "POST", "/v1/orders/quote",
    summary="Quote an order; nothing is written",
    roles=[MEMBER], query=QuoteQuery, body=OrderIn, answer=QuoteView, may_raise=REFUSALS,
    example={"request": examples.ORDER_REQUEST, "answer": examples.QUOTE},
)  # fmt: skip
def quote_order(call: Call) -> Reply:
    asked: QuoteQuery = call.query
    with with_ways_to_earn(call):
        quoted = quoting.quote(request_of(call), call.now, with_coupons=asked.coupons)
    made, judged = quoted
    missing = sum(each.missing_points for each in made)
    groups = [_group(each, call.language) for each in made]
    return Reply(
        QuoteView(
            lines=[line for group in groups for line in group.lines],
            points=sum(group.points for group in groups),
            cash=cash(sum(each.cash for each in made)),
            freight=cash(sum(each.freight.cash for each in made)),
            payable_points=groups[0].payable_points if len(groups) == 1 else [],
            shortfall=_shortfall(call, missing),
            freight_points=sum(group.freight_points for group in groups),
            delivery=_delivery_of_all(groups),
            groups=groups,
            discounts=[each for group in groups for each in group.discounts],
            coupon=next((group.coupon for group in groups if group.coupon), None),
            coupons=None if judged is None else [judged_view(x, call.language) for x in judged],
            near=near_views(
                (step for each in made for step in each.goods.priced.steps), call.language
            ),
        )
    )


def _shortfall(call: Call, missing: int) -> Shortfall | None:
    return Shortfall(missing, ways_to_earn(call.language, call.now)) if missing else None


def _group(made: Quote, language: str) -> QuoteGroup:
    return QuoteGroup(
        kind=made.kind,  # type: ignore[arg-type]
        lines=[
            views.line_view(line, language, [], saving_view(made.discounts, place, line, None))
            for place, line in enumerate(made.lines)
        ],
        points=made.points,
        cash=cash(made.cash),
        freight=cash(made.freight.cash),
        freight_points=made.freight.points,
        payable_points=[PointsRange(run[0], run[-1]) for run in made.payable],
        delivery=_delivery(made.delivery),
        missing_points=made.missing_points,
        discounts=discount_views(made.discounts, made.lines, language, None),
        coupon=coupon_view(made.discounts, None),
    )


def _delivery(made: Delivery) -> DeliveryView:
    status: Literal["free", "known", "no_address", "not_delivered"] = "known"
    if made.is_free:
        status = "free"
    elif not made.has_address:
        status = "no_address"
    elif made.freight is None:
        status = "not_delivered"
    return DeliveryView(status, made.province, list(made.delivers_to))


def _delivery_of_all(groups: Sequence[QuoteGroup]) -> DeliveryView:
    """That of the goods which a carrier brings, or else that of goods without freight."""
    carried = (group.delivery for group in groups if group.kind == "physical")
    return next(carried, groups[0].delivery)
