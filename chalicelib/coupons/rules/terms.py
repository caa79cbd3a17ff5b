"""What a coupon gives, and what it asks, as data."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.coupons.rules.scopes import EVERYTHING, Scope
from chalicelib.kernel.money import MAX_MINOR_UNITS
from chalicelib.kernel.texts import SkuCode
from chalicelib.ledger import MAX_POINTS

AMOUNT_OFF, PERCENT_OFF, POINTS_OFF = "amount_off", "percent_off", "points_off"
FREE_FREIGHT, GIFT = "free_freight", "gift"
KINDS = (AMOUNT_OFF, PERCENT_OFF, POINTS_OFF, FREE_FREIGHT, GIFT)

CouponKind = Literal["amount_off", "percent_off", "points_off", "free_freight", "gift"]
SomePoints = Annotated[int, Meta(ge=0, le=MAX_POINTS)]
SomeCash = Annotated[int, Meta(ge=0, le=MAX_MINOR_UNITS)]


class Terms(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a coupon gives, by its kind.

    `amount` is of `amount_off` (minor units of cash) and `points_off` (points), `percent` of
    `percent_off`: 10 takes a tenth of points and of fixed cash, at most `cap_points` and
    `cap_cash`. A `gift` is so many units of a SKU. The goods of its scope cost at least
    `least_points` points and `least_cash` minor units, with all points paid in cash. Without
    `with_campaigns` it holds for goods at their list price alone.
    """

    kind: CouponKind
    amount: SomeCash = 0
    percent: Annotated[int, Meta(ge=0, le=100)] = 0
    cap_points: SomePoints | None = None
    cap_cash: SomeCash | None = None
    scope: Scope = EVERYTHING
    least_points: SomePoints = 0
    least_cash: SomeCash = 0
    with_campaigns: bool = True
    gift_sku: SkuCode | None = None
    gift_quantity: Annotated[int, Meta(ge=1, le=100)] = 1
