"""Goods at the price that campaigns and a coupon leave of them: today's quote of a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import NamedTuple

from chalicelib import campaigns, catalog, coupons, tiers
from chalicelib.campaigns import Buyer, CampaignSet, MemberFacts, Step
from chalicelib.catalog import Freight, Offer
from chalicelib.coupons import Coupon, CouponNotFound
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.orders.queries.tiers import FindTier
from chalicelib.orders.rules import OrderLine
from chalicelib.orders.rules.coupons import check_applies, check_saves
from chalicelib.orders.rules.discounts import Discounts, OrderCoupon
from chalicelib.orders.rules.goods import (
    Goods,
    Units,
    asked_of,
    discounts_of,
    line_of,
    listed,
    order_lines,
    with_gifts,
)
from chalicelib.orders.rules.quoting import Delivery, Quote, Request, priced


class Buying(NamedTuple):
    """Who buys, with which coupon, as it was read."""

    facts: MemberFacts
    find_tier: FindTier
    coupon: Coupon | None = None


def want_buying(
    reads: ReadSet, member_id: str, coupon_id: str | None, find_tier: FindTier
) -> Callable[[], Buying]:
    """Want what prices depend on, in a caller's `ReadSet`: nothing without campaigns and coupon.

    Returns a function that gives it after `read`. It raises CouponNotFound.
    """
    has_campaigns = bool(campaigns.live().campaigns)
    find_facts = campaigns.want_facts(reads, member_id) if has_campaigns else None
    find_coupon = coupons.want_coupon(reads, member_id, coupon_id) if coupon_id else None

    def buying() -> Buying:
        facts = find_facts() if find_facts else MemberFacts(member_id=member_id)
        coupon = find_coupon() if find_coupon else None
        if find_coupon and coupon is None:
            raise CouponNotFound()
        return Buying(facts, find_tier, coupon)

    return buying


def price_goods(
    offers: Sequence[Offer],
    quantities: Sequence[int],
    buying: Buying,
    freight: Freight,
    now: datetime,
) -> Goods:
    """The goods at the price that campaigns and the coupon leave, with their gifts."""
    live = campaigns.live()
    if buying.coupon is None and not live.campaigns:
        return listed(offers, quantities, freight)
    shelved: Mapping[str, catalog.Shelved] = {}
    if buying.coupon is not None or live.asks_goods:
        shelved = catalog.shelved_of(offer.product_id for offer in offers)
    lines = [
        line_of(offer, quantity, shelved.get(offer.product_id))
        for offer, quantity in zip(offers, quantities, strict=True)
    ]
    price = partial(
        campaigns.price,
        lines,
        _buyer(buying, live),
        live,
        buying.coupon,
        now,
        freight,
        left=campaigns.left_for(buying.facts),
        worth=config().campaigns.point_worth,
    )
    units = list(map(Units, offers, quantities))
    priced = price()
    if not priced.gifts:
        return Goods(units, priced)
    asked = asked_of(units, priced.gifts)
    given = _gifts(asked, offers[0].kind, now)
    if gone := asked.keys() - given.keys():
        priced = price(gone=frozenset(gone))
    return with_gifts(Goods(units, priced), given)


def _buyer(buying: Buying, live: CampaignSet) -> Buyer:
    asks = any(each.campaign.terms.audience.tiers for each in live.campaigns)
    return campaigns.buyer_of(buying.facts, buying.find_tier() if asks else None)


def _gifts(asked: Mapping[str, int], kind: str, now: datetime) -> dict[str, Offer]:
    """The offers that can be given with an order of this kind, all of the units that it asks."""
    reads = ReadSet()
    find = catalog.want_offers(
        reads, list(asked), consistent=True, quantities=asked, buyer=next(iter(asked))
    )
    reads.read()
    return {
        sku: offer
        for sku, offer in find().items()
        if offer.kind == kind and offer.on_sale(now) and offer.available >= asked[sku]
    }


def coupon_of(buying: Buying) -> OrderCoupon | None:
    """The coupon as an order keeps it."""
    coupon = buying.coupon
    if coupon is None:
        return None
    template = coupons.version_of(coupon.template_id, coupon.template_version)
    return OrderCoupon(coupon.id, coupon.template_id, coupon.member_id, template.back_on_return)


def quote_of(
    request: Request,
    offers: Sequence[Offer],
    available: int,
    delivery: Delivery,
    buying: Buying,
    now: datetime,
) -> Quote:
    """A quote of a request at the price that campaigns and the coupon leave.

    Raises what `priced` raises, CouponUsed, CouponExpired, CouponReserved, CouponNotApplicable.
    """
    coupon = buying.coupon
    if coupon is not None:
        coupons.check_available(coupon, "", to_ms(now))
    quantities = [item.quantity for item in request.items]
    goods = price_goods(offers, quantities, buying, delivery.freight or Freight(), now)
    check_applies(goods)
    quoted = priced(request, offers, available, delivery, goods, coupon_of(buying))
    check_saves(quoted.goods, quoted.discounts)
    return quoted


class CartPrice(NamedTuple):
    """What the goods of one kind in a cart cost if all their points are paid, by which steps."""

    lines: Sequence[OrderLine]
    discounts: Discounts
    steps: Sequence[Step]


def price_cart(
    member_id: str, offers: Sequence[Offer], units: Sequence[int], now: datetime
) -> list[CartPrice]:
    """What a cart costs as campaigns leave it: an order for each kind of goods, without freight.

    Nothing is read without a campaign in force.
    """
    reads, find_tier = ReadSet(), cache(partial(tiers.tier_of, member_id))
    find_buying = want_buying(reads, member_id, None, find_tier)
    reads.read()
    made = []
    for kind in dict.fromkeys(offer.kind for offer in offers):
        some = [pair for pair in zip(offers, units, strict=True) if pair[0].kind == kind]
        of_kind, quantities = [offer for offer, _ in some], [units for _, units in some]
        goods = price_goods(of_kind, quantities, find_buying(), Freight(), now)
        settled = goods.priced.settle(goods.priced.most)
        lines, discounts = order_lines(goods, settled), discounts_of(goods, settled, None)
        made.append(CartPrice(lines, discounts, goods.priced.steps))
    return made
