"""What a coupon would do to a basket."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.campaigns.rules.kinds import cash_off, percent_off, points_off
from chalicelib.campaigns.rules.lines import Basket, Line
from chalicelib.campaigns.rules.sets import lines_in
from chalicelib.campaigns.rules.steps import (
    NOT_IN_SCOPE,
    SAVES_NOTHING,
    Gift,
    Outcome,
    below,
    refused,
)
from chalicelib.catalog import Freight
from chalicelib.coupons import AMOUNT_OFF, FREE_FREIGHT, GIFT, PERCENT_OFF, Terms


def judge_coupon(terms: Terms, lines: Sequence[Line], basket: Basket, freight: Freight) -> Outcome:
    """The outcome of a coupon's terms for lines that campaigns have lowered."""
    places = lines_in(terms.scope, lines)
    if not places:
        return refused(NOT_IN_SCOPE)
    points, cash = basket.points_of(places), basket.cash_of(places)
    if points < terms.least_points:
        return below("points", terms.least_points, points)
    if cash < terms.least_cash:
        return below("cash", terms.least_cash, cash)
    if terms.kind == FREE_FREIGHT:
        return (
            Outcome(freight=(freight.points, freight.cash))
            if any(freight)
            else refused(SAVES_NOTHING)
        )
    return _of_goods(terms, places, basket)


def _of_goods(terms: Terms, places: Sequence[int], basket: Basket) -> Outcome:
    if terms.kind == GIFT:
        given = Gift(terms.gift_sku, terms.gift_quantity) if terms.gift_sku else None
        return Outcome(gift=given) if given else refused(SAVES_NOTHING)
    if terms.kind == AMOUNT_OFF:
        return cash_off(basket, places, terms.amount)
    if terms.kind == PERCENT_OFF:
        return percent_off(basket, places, terms.percent, (terms.cap_points, terms.cap_cash))
    return points_off(basket, places, terms.amount)
