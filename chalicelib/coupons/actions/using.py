"""An order has a coupon: reserved, used, given back, each in the order's own transaction."""

from __future__ import annotations

from datetime import datetime

from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.coupons.rules.coupons import Coupon, given_back, reserved_by, used_by
from chalicelib.coupons.tables.coupons import CouponItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet


def reserve(writes: WriteSet, coupon: Coupon, order_id: str, now: datetime) -> Coupon:
    """Add that an order reserves a coupon until it uses it or gives it back.

    Raises CouponUsed, CouponExpired, CouponReserved, CouponNotApplicable. The commit raises Moved
    if the coupon has changed since it was read.
    """
    after = reserved_by(coupon, order_id, to_ms(now))
    put_change(writes, coupon, after)
    return after


def use(writes: WriteSet, coupon: Coupon, order_id: str, now: datetime) -> Coupon:
    """Add that an order uses a coupon, which it may have reserved before.

    Raises CouponUsed, CouponExpired, CouponReserved, CouponNotApplicable. The commit raises Moved.
    """
    after = used_by(coupon, order_id, to_ms(now))
    put_change(writes, coupon, after)
    return after


def use_reserved(writes: WriteSet, coupon_id: str, order_id: str, now: datetime) -> Coupon | None:
    """Add that an order uses the coupon that it has reserved; None if it has not.

    The commit raises Moved.
    """
    coupon = find_coupon(coupon_id)
    if coupon is None or coupon.holder != order_id or coupon.status != "reserved":
        return None
    return use(writes, coupon, order_id, now)


def give_back(
    writes: WriteSet,
    coupon_id: str,
    member_id: str,  # noqa: ARG001 - a merge may have moved it to another member, who gets it back
    order_id: str,
) -> Coupon | None:
    """Add that an order gives back the coupon that it reserved or used; None if it has it no more.

    One that has lapsed meanwhile stays so. The commit raises Moved.
    """
    coupon = find_coupon(coupon_id)
    after = given_back(coupon, order_id) if coupon else None
    if coupon is not None and after is not None:
        put_change(writes, coupon, after)
    return after


def put_change(writes: WriteSet, seen: Coupon, after: Coupon) -> None:
    """Add a coupon's new state; Moved refuses it if the coupon has changed since it was read."""
    same = CouponItem.version == seen.version
    key = CouponItem.key(seen.id)
    writes.update(key, CouponItem.changes(after), condition=same, or_raise=Moved)
