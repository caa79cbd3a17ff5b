"""A coupon of a member: its states, and what the clock makes of it."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec.structs import replace

from chalicelib.coupons.errors import (
    CouponExpired,
    CouponNotApplicable,
    CouponReserved,
    CouponUsed,
)
from chalicelib.coupons.rules.terms import Terms
from chalicelib.kernel.errors import Words

Status = Literal["available", "reserved", "used", "expired", "transferred"]
AVAILABLE: Status = "available"
RESERVED: Status = "reserved"
USED: Status = "used"
EXPIRED: Status = "expired"
# In escrow for a friend who has not registered: nobody can use it.
TRANSFERRED: Status = "transferred"
STATUSES: tuple[Status, ...] = (AVAILABLE, RESERVED, USED, EXPIRED, TRANSFERRED)
CODE_LENGTH = 12
# The end of the year 9999: a time that each notation has.
NEVER_MS = 253_402_300_799_000
# Letters and digits of ids that people mistake for others.
_READ_AS = str.maketrans({"0": "o", "1": "l", "8": "b"})


class Coupon(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon. `status` is as it was written: `status_at` tells that of a moment.

    `holder` has it reserved or used: an order's id, or `shop:<partner>:<reference>`. A shop's
    reservation ends at `held_until_ms`. Terms and titles are those of the template's version of
    which it is.
    """

    id: str
    template_id: str
    member_id: str
    terms: Terms
    status: Status = AVAILABLE
    template_version: int = 1
    version: int = 1
    valid_from_ms: int = 0
    valid_until_ms: int = NEVER_MS
    created_at_ms: int = 0
    source: str = "claim"
    title_zh: str = "优惠券"
    title_en: str = "Coupon"
    holder: str | None = None
    held_until_ms: int | None = None
    used_at_ms: int | None = None
    content: bytes | None = None
    reminded_at_ms: int | None = None

    @property
    def code(self) -> str:
        return code_of(self.id)

    def status_at(self, now_ms: int) -> Status:
        """The status at a moment: a lapsed coupon is expired, a late reservation is none."""
        status = self.status
        if status == RESERVED and self.held_until_ms is not None and self.held_until_ms <= now_ms:
            status = AVAILABLE
        return EXPIRED if status == AVAILABLE and self.valid_until_ms <= now_ms else status


def code_of(coupon_id: str) -> str:
    """What a member shows at a shop: twelve letters and digits, in groups."""
    short = short_of(coupon_id).upper()
    return "-".join(short[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def short_of(coupon_id: str) -> str:
    return coupon_id.removeprefix("cpn_")[:CODE_LENGTH]


def read_code(code: str) -> str:
    """The twelve characters of a code as somebody typed it."""
    return code.replace("-", "").replace(" ", "").lower().translate(_READ_AS)


def check_available(coupon: Coupon, holder: str, now_ms: int) -> None:
    """Check that an order may have a coupon that nobody else has.

    Raises CouponUsed, CouponExpired, CouponReserved, CouponNotApplicable.
    """
    status = coupon.status_at(now_ms)
    if status == USED:
        raise CouponUsed()
    if status in (RESERVED, TRANSFERRED) and coupon.holder != holder:
        raise CouponReserved()
    if status == EXPIRED:
        raise CouponExpired()
    if coupon.valid_from_ms > now_ms:
        raise CouponNotApplicable().saying(Words("优惠券还没到可用时间", "It is not valid yet"))


def reserved_by(
    coupon: Coupon, holder: str, now_ms: int, held_until_ms: int | None = None
) -> Coupon:
    """Raises CouponUsed, CouponExpired, CouponReserved, CouponNotApplicable."""
    check_available(coupon, holder, now_ms)
    return replace(
        coupon,
        status=RESERVED,
        holder=holder,
        held_until_ms=held_until_ms,
        version=coupon.version + 1,
    )


def used_by(coupon: Coupon, holder: str, now_ms: int) -> Coupon:
    """A coupon that its holder uses: one that was reserved may lapse meanwhile.

    Raises CouponUsed, CouponExpired, CouponReserved, CouponNotApplicable.
    """
    if coupon.status_at(now_ms) != RESERVED or coupon.holder != holder:
        check_available(coupon, holder, now_ms)
    return replace(
        coupon,
        status=USED,
        holder=holder,
        held_until_ms=None,
        used_at_ms=now_ms,
        version=coupon.version + 1,
    )


def given_back(coupon: Coupon, holder: str) -> Coupon | None:
    """A coupon that its holder gives back; None if they have it no more."""
    if coupon.holder != holder or coupon.status not in (RESERVED, USED):
        return None
    return replace(
        coupon,
        status=AVAILABLE,
        holder=None,
        held_until_ms=None,
        used_at_ms=None,
        version=coupon.version + 1,
    )
