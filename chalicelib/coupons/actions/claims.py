"""A member gets a coupon for themselves, free or for points."""

from __future__ import annotations

from datetime import datetime

from chalicelib import ledger
from chalicelib.coupons.actions.giving import Given, give, look
from chalicelib.coupons.errors import CouponNotOffered
from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.coupons.rules.coupons import Coupon
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import Cause

CLAIMED, BOUGHT = "claim", "points"


def claim(
    coupon_id: str, template_id: str, member_id: str, content: bytes, now: datetime
) -> tuple[Coupon, bool]:
    """Give a member a coupon of those to be had, for its price in points: (coupon, replayed).

    Raises NotFound, CouponNotOffered, CouponsGone, CouponLimitReached, InsufficientPoints,
    AccountFrozen, IdempotencyKeyReused.
    """

    def write() -> Coupon:
        template, shard = look(template_id)
        if not template.is_listed:
            raise CouponNotOffered()
        price = template.price_points
        writes = WriteSet()
        given = Given(coupon_id, member_id, BOUGHT if price else CLAIMED, content)
        coupon = give(writes, template, shard, given, now)
        account_id = ledger.points_account(member_id)
        if price:
            reference = reference_of(coupon_id)
            cause = Cause(reference, reference, to_ms(now), content=content)
            ledger.redeem(writes, ledger.find_account(account_id), price, cause, now)
        else:
            ledger.check_active(writes, account_id)
        writes.commit()
        return coupon

    return replay_outranks_refusal(write, lambda: replay_of(find_coupon(coupon_id), content))


def reference_of(coupon_id: str) -> str:
    """The reference of the entry that pays for a coupon."""
    return f"coupon:{coupon_id}"
