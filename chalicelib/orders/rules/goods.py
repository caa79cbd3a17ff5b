"""The goods of a request as they are priced: campaigns and a coupon lower their terms, and gifts
join them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from chalicelib.campaigns import Gift, Line, LineTerms, Priced, Settled, Step
from chalicelib.catalog import Freight, Offer, Shelved
from chalicelib.orders.rules.discounts import (
    CAMPAIGN,
    Discount,
    Discounts,
    OrderCoupon,
    Reserved,
    Share,
)
from chalicelib.orders.rules.orders import OrderLine


class Units(NamedTuple):
    """Units of an offer: `gifts` of them are free, by the place of the step that gives them."""

    offer: Offer
    bought: int
    gifts: tuple[tuple[int, int], ...] = ()

    @property
    def quantity(self) -> int:
        return self.bought + sum(count for _, count in self.gifts)


class Goods(NamedTuple):
    """The lines of an order, those that only gifts are in last, and their price."""

    units: Sequence[Units]
    priced: Priced

    @property
    def terms(self) -> list[LineTerms]:
        """The terms of all lines, and of freight: one more line, whose points and cash are due."""
        gifts = [LineTerms(0, 0, 0) for _ in self.units[len(self.priced.terms) :]]
        freight = self.priced.freight
        carried = [LineTerms(1, freight.points, freight.points, freight.cash)]
        return [*self.priced.terms, *gifts, *(carried if any(freight) else ())]


NO_GOODS = Goods((), Priced(lines=(), terms=(), freight=Freight(), steps=()))


def line_of(offer: Offer, quantity: int, shelved: Shelved | None = None) -> Line:
    """A line as the engine prices it."""
    return Line(
        sku=offer.sku,
        product_id=offer.product_id,
        quantity=quantity,
        points=offer.points,
        least_points=offer.least_points,
        cash=offer.cash,
        equivalent=offer.cash_equivalent,
        categories=shelved.categories if shelved else (),
        brand=shelved.brand if shelved else None,
    )


def listed(offers: Sequence[Offer], quantities: Sequence[int], freight: Freight) -> Goods:
    """Goods at their list price."""
    lines = [line_of(*pair) for pair in zip(offers, quantities, strict=True)]
    priced = Priced(lines=lines, terms=list(map(LineTerms.of, lines)), freight=freight, steps=())
    return Goods(list(map(Units, offers, quantities)), priced)


def gifts_of(priced: Priced) -> dict[int, Gift]:
    """The gifts of a price by the place of their step."""
    return {
        place: step.outcome.gift for place, step in enumerate(priced.steps) if step.outcome.gift
    }


def asked_of(units: Sequence[Units], gifts: Iterable[Gift]) -> Counter[str]:
    """The units of each SKU of a gift that an order needs, bought ones among them."""
    asked: Counter[str] = Counter()
    for gift in gifts:
        asked[gift.sku] += gift.quantity
    for each in units:
        if each.offer.sku in asked:
            asked[each.offer.sku] += each.bought
    return asked


def with_gifts(goods: Goods, offers: Mapping[str, Offer]) -> Goods:
    """The goods with their gifts, of these offers."""
    units = {each.offer.sku: each for each in goods.units}
    for place, gift in gifts_of(goods.priced).items():
        here = units.get(gift.sku) or Units(offers[gift.sku], 0)
        more = (*here.gifts, (place, gift.quantity))
        units[gift.sku] = here._replace(offer=offers[gift.sku], gifts=more)
    return goods._replace(units=list(units.values()))


def order_lines(goods: Goods, settled: Settled) -> tuple[OrderLine, ...]:
    """The lines of an order at this price; gifts cost nothing, and no limit counts them."""
    lines = []
    for place, each in enumerate(goods.units):
        offer, is_gift = each.offer, place >= len(settled.lines)
        paid = (0, 0) if is_gift else settled.lines[place]
        lines.append(
            OrderLine(
                offer.sku,
                offer.product_id,
                offer.title.zh,
                offer.title.en,
                each.quantity,
                paid[0],
                None if is_gift else offer.per_member,
                paid[1],
                None if offer.cost is None else offer.cost * each.quantity,
                per_day=None if is_gift else offer.per_member_day,
                per_month=None if is_gift else offer.per_member_month,
            )
        )
    return tuple(lines)


def discounts_of(goods: Goods, settled: Settled, coupon: OrderCoupon | None) -> Discounts:
    """What lowered the price of goods, to be kept with their order."""
    places = {id(step): place for place, step in enumerate(goods.priced.steps)}
    back = {id(each.step): each for each in settled.points_back}
    given, reserved = [], []
    for each in settled.discounts:
        place, step, promised = places[id(each.step)], each.step, back.get(id(each.step))
        shares = [Share(*saving) for saving in each.savings]
        made = Discount(
            step.source,
            step.id,
            step.version,
            step.kind,
            step.title_zh,
            step.title_en,
            (*shares, *_gift_shares(goods, place)),
            *step.outcome.freight,
            back=tuple(Share(*saving) for saving in promised.by_line) if promised else (),
        )
        if not _gives(made, step):
            continue
        given.append(made)
        if step.source == CAMPAIGN:
            points = each.points + (promised.points if promised else 0)
            reserved.append(Reserved(step.id, step.version, points, each.cash))
    return Discounts(tuple(given), tuple(reserved), coupon)


def _gives(made: Discount, step: Step) -> bool:
    """Whether a discount of a step gives anything as the order is paid: cash off gives nothing
    where points pay for all."""
    outcome = step.outcome
    return bool(made.points or made.cash or made.back or outcome.gift or outcome.promise)


def _gift_shares(goods: Goods, step: int) -> Iterator[Share]:
    """The list price of what a step gives."""
    for place, each in enumerate(goods.units):
        for of_step, count in each.gifts:
            if of_step == step:
                yield Share(place, each.offer.points * count, each.offer.cash * count)


def saves(discounts: Discounts, step: Step) -> bool:
    """Whether a step has given anything."""
    return any(
        each.id == step.id and (each.points or each.cash or each.back) for each in discounts.given
    )
