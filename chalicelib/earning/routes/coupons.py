"""Coupons at a shop's own checkout, reserved, redeemed and released under the shop's id."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib import coupons
from chalicelib.coupons import (
    CouponExpired,
    CouponNotApplicable,
    CouponNotFound,
    CouponReserved,
    CouponUsed,
    Reservation,
    ReservationEnded,
    ReservationNotFound,
    ReservationStatus,
    Sale,
    SoldItem,
)
from chalicelib.earning.routes.holds import HoldId, Seconds
from chalicelib.earning.routes.signed import partner_route
from chalicelib.earning.rules import source_of
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, IdempotencyKeyReused, Invalid, Words
from chalicelib.kernel.money import Money
from chalicelib.kernel.texts import PLAIN, SkuCode
from chalicelib.kernel.texts import kind as text_of
from chalicelib.kernel.web.http import Reply, answer_of
from chalicelib.kernel.web.requests import Call

shop_coupons = Blueprint(__name__)

Name = Annotated[str, text_of(40, form=PLAIN)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=10**12)]


class SaleItem(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A line of the sale: what it costs together, in minor units."""

    amount: Amount
    sku: SkuCode | None = None
    category: Name | None = None
    brand: Name | None = None


class ReserveIn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A sale of `amount`. `id` is the shop's, and the key of the request. A coupon for some goods
    alone needs the `items`. Without a redemption in time the member has the coupon back."""

    id: HoldId
    amount: Money
    items: Annotated[list[SaleItem], msgspec.Meta(max_length=100)] = []
    expires_in_seconds: Seconds = 900


class EndIn(msgspec.Struct, forbid_unknown_fields=True):
    """The shop's id of the reservation."""

    id: HoldId


class ReservationView(msgspec.Struct):
    """A reservation of a coupon: `saved` comes off the sale."""

    id: str
    coupon_id: str
    status: ReservationStatus
    saved: Money
    expires_at: str


RESERVED: dict[str, Any] = {
    "id": "till-3:20261121-0042", "coupon_id": "cpn_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "status": "reserved", "saved": {"amount": 1000, "currency": "CNY"},
    "expires_at": "2026-11-21T08:15:00Z",
}  # fmt: skip


@partner_route(
    shop_coupons, "POST", "/v1/partner/coupons/{code}/reserve",
    summary="Reserve a coupon for a sale at a shop, by the code that the member shows",
    body=ReserveIn, answer=ReservationView, status=201,
    may_raise=[CouponNotFound, CouponNotApplicable, CouponReserved, CouponUsed, CouponExpired,
               IdempotencyKeyReused],
    example={
        "request": {"id": "till-3:20261121-0042", "amount": {"amount": 12800, "currency": "CNY"}},
        "answer": RESERVED,
    },
)  # fmt: skip
def reserve_coupon(call: Call, partner: str) -> Reply:
    sent: ReserveIn = call.body
    if sent.amount.currency != config().currency:
        words = Words("货币须与商城一致", "is not in the currency of the mall")
        raise Invalid(FieldError("amount.currency", "wrong_currency", words))
    items = [SoldItem(each.amount, each.sku, each.category, each.brand) for each in sent.items]
    sale = Sale(
        source_of(partner, sent.id),
        sent.amount.amount,
        items,
        sent.expires_in_seconds,
        call.content_digest,
    )
    reserved = coupons.reserve_in_shop(call.path["code"], sale, call.now)
    return answer_of(reserved, partial(_view, call, partner))


_ends = partial(
    partner_route,
    shop_coupons,
    "POST",
    body=EndIn,
    answer=ReservationView,
    may_raise=[CouponNotFound, ReservationNotFound, ReservationEnded],
)
_ASKED = {"id": "till-3:20261121-0042"}


@_ends(
    "/v1/partner/coupons/{code}/redeem",
    summary="Redeem a reserved coupon: the sale is done",
    example={"request": _ASKED, "answer": {**RESERVED, "status": "redeemed"}},
)
def redeem_coupon(call: Call, partner: str) -> Reply:
    return _ended(call, partner, "redeemed")


@_ends(
    "/v1/partner/coupons/{code}/release",
    summary="Release a reserved coupon: the member has it back",
    example={"request": _ASKED, "answer": {**RESERVED, "status": "released"}},
)
def release_coupon(call: Call, partner: str) -> Reply:
    return _ended(call, partner, "released")


def _ended(call: Call, partner: str, status: ReservationStatus) -> Reply:
    reservation_id = source_of(partner, call.body.id)
    done = coupons.end_in_shop(call.path["code"], reservation_id, status, call.now)
    return answer_of(done, partial(_view, call, partner))


def _view(call: Call, partner: str, reservation: Reservation) -> ReservationView:
    return ReservationView(
        reservation.id.removeprefix(f"{partner}:"),
        reservation.coupon_id,
        reservation.status_at(to_ms(call.now)),
        Money(reservation.saved, config().currency),
        rfc3339_ms(reservation.expires_at_ms),
    )
