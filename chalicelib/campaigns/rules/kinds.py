"""What a campaign of each kind would do to a basket."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chalicelib.campaigns.rules.allocation import allocated
from chalicelib.campaigns.rules.definitions import (
    BUNDLE,
    BUY_AND_GIVE,
    FIRST_ORDER,
    FLASH_SALE,
    FULL_REDUCTION,
    MULTIPLIER,
    POINTS_BACK,
    PRICE,
)
from chalicelib.campaigns.rules.effects import ReductionEffect, SkuPrice
from chalicelib.campaigns.rules.lines import Basket, Cut, Line
from chalicelib.campaigns.rules.sets import Candidate
from chalicelib.campaigns.rules.steps import (
    EARNS_MORE,
    INCOMPLETE_SET,
    NOT_CHEAPER,
    SAVES_NOTHING,
    Ahead,
    Gift,
    Outcome,
    Promise,
    Reduction,
    below,
    cuts_of,
    refused,
)

POINTS, UNITS = "points", "units"

Judge = Callable[[Candidate, Sequence[Line], Basket], Outcome]


def unit_price(candidate: Candidate, lines: Sequence[Line], basket: Basket) -> Outcome:
    """Another price of a unit."""
    terms = candidate.campaign.terms
    effect = terms.effect.price if terms.kind == PRICE else terms.effect.flash_sale
    assert effect is not None, "a campaign has the effect of its kind"
    prices = {each.sku: each for each in effect.prices}
    off, most = effect.percent_off or 0, effect.per_order
    cuts = []
    for at in candidate.lines:
        line = lines[at]
        if prices:
            points, cash = _less_than(line, prices[line.sku])
        else:
            points, cash = line.points * off // 100, line.cash * off // 100
        if points >= 0 <= cash and (points or cash):
            units = line.quantity if most is None else min(line.quantity, most)
            cuts.append(basket.cut(at, points * units, cash * units))
    return Outcome(cuts=tuple(cuts)) if cuts else refused(NOT_CHEAPER)


def _less_than(line: Line, price: SkuPrice) -> tuple[int, int]:
    """What a price is below the list's, in points and in cash; negative if it is above."""
    points = 0 if price.points is None else line.points - price.points
    return points, 0 if price.cash is None else line.cash - price.cash


def bundle(candidate: Candidate, lines: Sequence[Line], basket: Basket) -> Outcome:
    """A set of goods at a price of its own: as many sets as the cart holds."""
    effect = candidate.campaign.terms.effect.bundle
    assert effect is not None, "a campaign has the effect of its kind"
    places = {lines[at].sku: at for at in candidate.lines}
    if any(each.sku not in places for each in effect.items):
        return refused(INCOMPLETE_SET)
    sets = min(basket.unbundled(places[each.sku]) // each.quantity for each in effect.items)
    sets = sets if effect.per_order is None else min(sets, effect.per_order)
    if not sets:
        return refused(INCOMPLETE_SET)
    used = {places[each.sku]: each.quantity * sets for each in effect.items}
    there = [basket.price_of(at, units) for at, units in used.items()]
    less_points = sum(points for points, _ in there) - effect.points * sets
    less_cash = sum(cash for _, cash in there) - effect.cash * sets
    if min(less_points, less_cash) < 0 or not (less_points or less_cash):
        return refused(NOT_CHEAPER)
    points = allocated(less_points, [points for points, _ in there])
    cash = allocated(less_cash, [cash for _, cash in there])
    cuts = tuple(basket.cut(*each) for each in zip(used, points, cash, strict=True))
    return Outcome(cuts=cuts, bundled=tuple(used.items()))


def full_reduction(candidate: Candidate, _: Sequence[Line], basket: Basket) -> Outcome:
    """The price of goods of some value falls by an amount."""
    effect = candidate.campaign.terms.effect.full_reduction
    assert effect is not None, "a campaign has the effect of its kind"
    places = candidate.lines
    is_points = effect.unit == POINTS
    value = basket.points_of(places) if is_points else basket.cash_of(places)
    off = reduction_of(effect, value)
    if not off:
        outcome = below(effect.unit, min(each.at_least for each in effect.steps), value)
    else:
        take_off = points_off if is_points else cash_off
        outcome = take_off(basket, places, off)
    return outcome._replace(ahead=next_reduction(effect, value))


def reduction_of(effect: ReductionEffect, value: int) -> int:
    """The amount off goods of a value; 0 below the first step."""
    reached = [each for each in effect.steps if value >= each.at_least]
    if not reached:
        return 0
    best = max(reached, key=lambda each: each.at_least)
    if not effect.repeats or not best.at_least:
        return best.off
    times = value // best.at_least
    return best.off * (times if effect.most_times is None else min(times, effect.most_times))


def next_reduction(effect: ReductionEffect, value: int) -> Ahead | None:
    """The nearest value of goods above this one that lowers the price further."""
    marks = sorted(each.at_least for each in effect.steps if each.at_least > value)
    if effect.repeats and (step := effect.steps[0].at_least):
        marks = [(value // step + 1) * step]
    off = reduction_of(effect, value)
    found = ((mark - value, reduction_of(effect, mark) - off) for mark in marks)
    return next((Ahead(effect.unit, *each) for each in found if each[1] > 0), None)


def points_off(basket: Basket, places: Sequence[int], off: int) -> Outcome:
    """Points off the goods at these places, by their shares of the points."""
    weights = [basket.terms[at].points for at in places]
    shares = allocated(min(off, sum(weights)), weights)
    cuts = cuts_of(basket.cut(at, share, 0) for at, share in zip(places, shares, strict=True))
    return Outcome(cuts=cuts) if cuts else refused(SAVES_NOTHING)


def cash_off(basket: Basket, places: Sequence[int], off: int) -> Outcome:
    """An amount off the cash that will be due for the goods at these places."""
    amount = min(off, basket.cash_of(places))
    if not amount:
        return refused(SAVES_NOTHING)
    return Outcome(reduction=Reduction(amount, tuple(places)))


def percent_off(
    basket: Basket, places: Sequence[int], percent: int, caps: tuple[int | None, int | None]
) -> Outcome:
    """A share of points and of fixed cash, each up to its cap."""
    cuts: list[Cut] = []
    by_unit = []
    for weights, cap in (
        ([basket.terms[at].points for at in places], caps[0]),
        ([basket.terms[at].cash for at in places], caps[1]),
    ):
        off = sum(weights) * percent // 100
        by_unit.append(allocated(off if cap is None else min(off, cap), weights))
    for at, points, cash in zip(places, *by_unit, strict=True):
        cuts.append(basket.cut(at, points, cash))
    made = cuts_of(cuts)
    return Outcome(cuts=made) if made else refused(SAVES_NOTHING)


def buy_and_give(candidate: Candidate, lines: Sequence[Line], _: Basket) -> Outcome:
    """Free units of a SKU for so many units of the goods."""
    effect = candidate.campaign.terms.effect.buy_and_give
    assert effect is not None, "a campaign has the effect of its kind"
    there = sum(lines[at].quantity for at in candidate.lines)
    times = there // effect.buy
    times = times if effect.most_times is None else min(times, effect.most_times)
    if not times:
        return below(UNITS, effect.buy, there)
    return Outcome(gift=Gift(effect.give_sku, effect.give * times))


def points_back(candidate: Candidate, _: Sequence[Line], basket: Basket) -> Outcome:
    """Points that come back once the order is complete."""
    effect = candidate.campaign.terms.effect.points_back
    assert effect is not None, "a campaign has the effect of its kind"
    paid = basket.points_of(candidate.lines)
    if paid < max(effect.at_least, 1):
        return below(POINTS, max(effect.at_least, 1), paid)
    percent, points = effect.percent or 0, effect.points or 0
    most = points + paid * percent // 100
    most = most if effect.cap is None else min(most, effect.cap)
    return Outcome(promise=Promise(candidate.lines, most, percent, points, effect.at_least))


def first_order(candidate: Candidate, _: Sequence[Line], __: Basket) -> Outcome:
    """A gift with the first order of a member."""
    effect = candidate.campaign.terms.effect.first_order
    assert effect is not None, "a campaign has the effect of its kind"
    gift = Gift(effect.gift_sku, effect.gift_quantity) if effect.gift_sku else None
    promise = None
    if effect.points or effect.coupon:
        promise = Promise(
            candidate.lines, effect.points, points=effect.points, template_id=effect.coupon
        )
    return Outcome(gift=gift, promise=promise)


def multiplier(_: Candidate, __: Sequence[Line], ___: Basket) -> Outcome:
    """No price: what is earned is told beside it."""
    return refused(EARNS_MORE)


JUDGES: dict[str, Judge] = {
    PRICE: unit_price,
    FLASH_SALE: unit_price,
    BUNDLE: bundle,
    FULL_REDUCTION: full_reduction,
    BUY_AND_GIVE: buy_and_give,
    POINTS_BACK: points_back,
    FIRST_ORDER: first_order,
    MULTIPLIER: multiplier,
}
