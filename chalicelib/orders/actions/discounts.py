"""What a new order takes of campaigns and a coupon, and what they have back when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib import campaigns, coupons
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.orders.actions.goods import Buying
from chalicelib.orders.errors import OrderExists
from chalicelib.orders.queries.discounts import discounts_of
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.discounts import NOTHING, Discounts, Reserved
from chalicelib.orders.rules.ends import DEAD, RETURNED, USED, end_of
from chalicelib.orders.tables import PricingItem, put_order


def take(
    writes: WriteSet, order: Order, discounts: Discounts, buying: Buying, now: datetime
) -> None:
    """Add what a new order takes of campaigns and its coupon, and why it costs what it costs.

    Raises CampaignGone, CouponUsed, CouponExpired, CouponReserved, CouponNotApplicable.
    """
    if discounts == NOTHING:
        return
    writes.put_new(PricingItem.of(order.id, discounts), or_raise=OrderExists)
    if discounts.reserved:
        campaigns.take(writes, _uses(discounts.reserved), buying.facts)
    if buying.coupon is not None:
        act = coupons.use if end_of(order) == USED else coupons.reserve
        act(writes, buying.coupon, order.id, now)


def put_changed(writes: WriteSet, seen: Order, after: Order) -> None:
    """Add an order's next version, and what its coupon and its campaigns have back where it ends.

    Refused with Moved if the order is not as it was read.
    """
    if seen.discounted and (end := end_of(after)) not in (None, end_of(seen)):
        _settle(writes, after, end)
    put_order(writes, seen, after)


def _settle(writes: WriteSet, order: Order, end: str | None) -> None:
    kept, at_ms = discounts_of(order), order.steps[-1].at_ms
    coupon = kept.coupon
    if end == DEAD and kept.reserved:
        campaigns.give_back(writes, _uses(kept.reserved), order.member_id, order.id)
    if coupon is None:
        return
    if end == USED:
        coupons.use_reserved(writes, coupon.id, order.id, from_ms(at_ms))
    elif end == DEAD or (end == RETURNED and coupon.comes_back):
        coupons.give_back(writes, coupon.id, coupon.member_id, order.id)


def _uses(reserved: Sequence[Reserved]) -> list[campaigns.Use]:
    return [
        campaigns.Use(each.campaign_id, each.version, each.points, each.cash) for each in reserved
    ]
