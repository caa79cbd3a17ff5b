"""What campaigns brought: exact sums of the orders that had them, and those of who was held out.

Cash and cost are minor units of the stage's currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import msgspec

from chalicelib.campaigns.rules.purchases import UNDONE, Compared, Purchase, Saved

SHARDS = 8


class Sums(msgspec.Struct, frozen=True, omit_defaults=True):
    """Sums over orders, net of refunds: `takers` are members with an order, `points` and `cash`
    what was paid, `points_saved` and `cash_saved` what the campaign took off, `points_back` what it
    gave after the order, `cost` that of the goods.

    `treated_…` are orders and cash of members in the audience of a campaign with a hold-out, had
    they the campaign or not; `held_…` those of members who were held out.
    """

    orders: int = 0
    takers: int = 0
    points: int = 0
    cash: int = 0
    points_saved: int = 0
    cash_saved: int = 0
    points_back: int = 0
    cost: int = 0
    treated_orders: int = 0
    treated_cash: int = 0
    held_orders: int = 0
    held_cash: int = 0

    def plus(self, other: Sums, times: int = 1) -> Sums:
        mine, theirs = msgspec.structs.astuple(self), msgspec.structs.astuple(other)
        return Sums(*(one + times * more for one, more in zip(mine, theirs, strict=True)))


def changes(before: Purchase | None, now: Purchase) -> dict[str, Sums]:
    """What a change of a purchase adds to the sums of each campaign; without their takers."""
    then, after = _sums_of(before) if before else {}, _sums_of(now)
    made = {
        each: after.get(each, Sums()).plus(then.get(each, Sums()), -1)
        for each in dict.fromkeys([*then, *after])
    }
    return {campaign_id: sums for campaign_id, sums in made.items() if sums != Sums()}


def _sums_of(purchase: Purchase) -> dict[str, Sums]:
    found = {each.id: _of_campaign(purchase, each) for each in purchase.campaigns}
    for compared in purchase.compared:
        found[compared.id] = found.get(compared.id, Sums()).plus(_of_group(purchase, compared))
    return found


def _of_campaign(purchase: Purchase, saved: Saved) -> Sums:
    if purchase.state == UNDONE:
        return Sums()
    return Sums(
        orders=1,
        points=purchase.points,
        cash=purchase.cash,
        points_saved=saved.points,
        cash_saved=saved.cash,
        points_back=saved.back,
        cost=sum(line.cost or 0 for line in purchase.lines),
    )


def _of_group(purchase: Purchase, compared: Compared) -> Sums:
    if purchase.state == UNDONE:
        return Sums()
    if compared.held:
        return Sums(held_orders=1, held_cash=purchase.cash)
    return Sums(treated_orders=1, treated_cash=purchase.cash)


class Uplift(msgspec.Struct, frozen=True):
    """How many percent more the treated members ordered and paid than the held-out ones, each
    group measured by its share of the audience; null while the held-out ones have none."""

    holdout_percent: int
    orders_percent: int | None
    cash_percent: int | None


def uplift_of(sums: Sums, holdout_percent: int) -> Uplift | None:
    """The uplift of a campaign with a hold-out, rounded towards zero."""
    if not holdout_percent:
        return None
    return Uplift(
        holdout_percent,
        _more(sums.treated_orders, sums.held_orders, holdout_percent),
        _more(sums.treated_cash, sums.held_cash, holdout_percent),
    )


def _more(treated: int, held: int, percent: int) -> int | None:
    expected = held * (100 - percent)
    if expected <= 0:
        return None
    more = treated * percent - expected
    return abs(more) * 100 // expected * (1 if more >= 0 else -1)


def total(sums: Iterable[Sums]) -> Sums:
    return reduce(Sums.plus, sums, Sums())
