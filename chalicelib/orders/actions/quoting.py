"""Quotes: the price of goods today, one for each kind of them. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib import coupons
from chalicelib.catalog import Offer
from chalicelib.coupons import Coupon, CouponNotApplicable
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import PageQuery
from chalicelib.kernel.errors import JifenError, Unavailable
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import with_fresh_reads
from chalicelib.orders.actions import booking, freight, goods, limits
from chalicelib.orders.actions.freight import FindAddress
from chalicelib.orders.actions.goods import Buying
from chalicelib.orders.actions.placing import Seen, is_certain, look
from chalicelib.orders.errors import AddressRequired
from chalicelib.orders.rules import PHYSICAL, VIRTUAL
from chalicelib.orders.rules.coupons import Judged, ranked
from chalicelib.orders.rules.quoting import (
    NO_FREIGHT,
    Delivery,
    Quote,
    Request,
    by_kind,
    check_expected,
)

_MOST_COUPONS = 20
_NO_ADDRESS = Delivery(None, has_address=False, is_free=False)


class Quoted(NamedTuple):
    """A quote for each kind of goods; the member's coupons, None if nobody asked for them."""

    quotes: list[Quote]
    coupons: list[Judged] | None = None


class _Part(NamedTuple):
    """The goods of one kind, and how they come to the member."""

    request: Request
    offers: Sequence[Offer]
    delivery: Delivery


def quote(request: Request, now: datetime, *, with_coupons: bool = False) -> Quoted:
    """Price a request at today's terms, within the member's limits: a quote for each kind of goods.

    The member's points fill the kinds in their order. The coupon is for the first kind to which it
    applies.

    Raises Invalid, NotOnSale, TierRequired, OutOfStock, LimitReached, PriceChanged,
    CashBelowMinimum, CashAboveMaximum, InsufficientPoints, and the refusals of a coupon.
    """
    try:
        return _quote(request, now, with_coupons=with_coupons, consistent=False)
    except Unavailable:
        raise
    except JifenError as refusal:
        if is_certain(refusal):
            raise
        return with_fresh_reads(
            lambda: _quote(request, now, with_coupons=with_coupons, consistent=True)
        )


def _quote(request: Request, now: datetime, *, with_coupons: bool, consistent: bool) -> Quoted:
    reads = ReadSet()
    find_address = freight.find_address(request)
    seen = look(reads, request, now, request.member_id, consistent=consistent)
    parts = []
    split = by_kind(request, seen.offers)
    for part, offers in split:
        if len(split) == 1 or offers[0].kind != VIRTUAL:
            booking.place_of(part, offers, seen.wanted, now)
        parts.append(
            _Part(part, offers, _delivery(part, offers, find_address, seen, consistent=consistent))
        )
    quotes = _priced(parts, seen, now)
    if len(quotes) > 1:
        points, cash = (sum(getattr(each, name) for each in quotes) for name in ("points", "cash"))
        check_expected(request, points, cash)
    lines = [line for each in quotes for line in each.lines]
    limits.check(request.member_id, lines, now, consistent=consistent)
    return Quoted(quotes, _judged(parts, seen, request.member_id, now) if with_coupons else None)


def _delivery(
    part: Request,
    offers: Sequence[Offer],
    find_address: FindAddress,
    seen: Seen,
    consistent: bool,
) -> Delivery:
    if offers[0].kind != PHYSICAL:
        return NO_FREIGHT
    try:
        return freight.delivery_of(
            part, offers, find_address, seen.find_tier, consistent=consistent
        )
    except AddressRequired:
        return _NO_ADDRESS


def _priced(parts: Sequence[_Part], seen: Seen, now: datetime) -> list[Quote]:
    """Raises CouponNotApplicable if the coupon applies to no part."""
    left, coupon = seen.account.available(to_ms(now)), seen.buying.coupon
    quotes: list[Quote] = []
    refusal: CouponNotApplicable | None = None
    for part in parts:
        try:
            made = _price(part, left, seen.buying._replace(coupon=coupon), now)
            coupon = None
        except CouponNotApplicable as refused:
            if len(parts) == 1:
                raise
            refusal = refusal or refused
            made = _price(part, left, seen.buying._replace(coupon=None), now)
        quotes.append(made)
        left -= min(left, made.points)
    if coupon is not None and refusal is not None:
        raise refusal
    return quotes


def _price(part: _Part, left: int, buying: Buying, now: datetime) -> Quote:
    return goods.quote_of(part.request, part.offers, left, part.delivery, buying, now)


def _judged(parts: Sequence[_Part], seen: Seen, member_id: str, now: datetime) -> list[Judged]:
    """The member's coupons, each tried on the goods."""
    page = PageQuery(limit=_MOST_COUPONS)
    found = coupons.coupons_of(member_id, "available", page, now).data
    return ranked(_judge(parts, seen, coupon, now) for coupon in found)


def _judge(parts: Sequence[_Part], seen: Seen, coupon: Coupon, now: datetime) -> Judged:
    left, refusal = seen.account.available(to_ms(now)), None
    for part in parts:
        free = part._replace(request=replace(part.request, expected=None))
        try:
            made = _price(free, left, seen.buying._replace(coupon=coupon), now)
        except JifenError as refused:
            refusal = refusal or refused
        else:
            return Judged(coupon, made.discounts.of_coupon)
    return Judged(coupon, refusal=refusal)
