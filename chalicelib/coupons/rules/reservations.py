"""A shop's checkout takes a coupon: reserved for a while, then redeemed or released."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from chalicelib.coupons.errors import CouponNotApplicable, ReservationEnded
from chalicelib.coupons.rules.scopes import Scope, ScopeExcept
from chalicelib.coupons.rules.templates import Template
from chalicelib.coupons.rules.terms import AMOUNT_OFF, Terms
from chalicelib.kernel.errors import Words

ReservationStatus = Literal["reserved", "redeemed", "released", "expired"]
RESERVED: ReservationStatus = "reserved"
REDEEMED: ReservationStatus = "redeemed"
RELEASED: ReservationStatus = "released"
LAPSED: ReservationStatus = "expired"


class SoldItem(msgspec.Struct, frozen=True):
    """A line of a shop's sale: what it costs together, in minor units."""

    amount: int
    sku: str | None = None
    category: str | None = None
    brand: str | None = None


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """A reservation under the shop's own id (`<partner>:<reference>`); it saves `saved` minor
    units."""

    id: str
    coupon_id: str
    status: ReservationStatus
    saved: int
    created_at_ms: int
    expires_at_ms: int
    content: bytes

    @property
    def holder(self) -> str:
        """What has the coupon."""
        return f"shop:{self.id}"

    def status_at(self, now_ms: int) -> ReservationStatus:
        is_late = self.status == RESERVED and self.expires_at_ms <= now_ms
        return LAPSED if is_late else self.status


def ended(reservation: Reservation, status: ReservationStatus, now_ms: int) -> Reservation:
    """Raises ReservationEnded."""
    at = reservation.status_at(now_ms)
    if at != RESERVED:
        raise ReservationEnded(status=at)
    return replace(reservation, status=status)


def saved_by(template: Template, terms: Terms, amount: int, items: Sequence[SoldItem]) -> int:
    """What a coupon takes off a shop's sale of `amount` minor units.

    Raises CouponNotApplicable.
    """
    if not template.usable_in_shops:
        raise _none(Words("此券只能在商城使用", "It is for the mall alone"))
    worth = _in_scope(terms.scope, amount, items)
    if not worth or terms.least_points or worth < terms.least_cash:
        raise _none(Words("未达到使用条件", "The sale does not meet what the coupon asks"))
    if terms.kind == AMOUNT_OFF:
        return min(terms.amount, worth)
    off = worth * terms.percent // 100
    return off if terms.cap_cash is None else min(off, terms.cap_cash)


def _none(words: Words) -> CouponNotApplicable:
    refusal = CouponNotApplicable()
    refusal.saying(words)
    return refusal


def _in_scope(scope: Scope, amount: int, items: Sequence[SoldItem]) -> int:
    """What the goods of a sale cost that a coupon is about: items never cost more than the sale."""
    but = scope.except_ or ScopeExcept()
    if scope.all and but == ScopeExcept():
        return amount
    named = sum(
        each.amount
        for each in items
        if (scope.all or _named(scope, each)) and not _named(but, each)
    )
    return min(named, amount)


def _named(goods: Scope | ScopeExcept, item: SoldItem) -> bool:
    return item.sku in goods.skus or item.category in goods.categories or item.brand in goods.brands
