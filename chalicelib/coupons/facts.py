"""The facts of coupons."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class CouponFact(FactData, frozen=True):
    """`title` is the coupon's name by language; it lapses at `valid_until` (RFC 3339)."""

    coupon_id: str
    template_id: str
    member_id: str
    title: dict[str, str]
    valid_until: str


class CouponGranted(CouponFact, frozen=True):
    """A member has got a coupon. `source` is `claim`, `points`, `code:…`, or the reference of who
    gave it; a coupon of a friend has none of these: it is `coupon.received`."""

    TYPE: ClassVar[str] = "coupon.granted"

    source: str = ""


class CouponReceived(CouponFact, frozen=True):
    """A member has a coupon that another one gave them."""

    TYPE: ClassVar[str] = "coupon.received"


class CouponReturned(CouponFact, frozen=True):
    """A coupon is back with its member: an order died, or a friend did not come in time."""

    TYPE: ClassVar[str] = "coupon.returned"


class CouponWasUsed(CouponFact, frozen=True):
    """An order or a shop's sale has used a coupon: `used_by`, at `used_at` (RFC 3339)."""

    TYPE: ClassVar[str] = "coupon.used"

    used_by: str = ""
    used_at: str = ""


class CouponLapsing(CouponFact, frozen=True):
    """A coupon that nobody has used is about to lapse."""

    TYPE: ClassVar[str] = "coupon.lapsing"
