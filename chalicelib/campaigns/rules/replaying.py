"""What past orders would have cost with a campaign that is not published: nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo

import msgspec
from msgspec.structs import replace

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.definitions import Campaign, CampaignBudget, CampaignDraft
from chalicelib.campaigns.rules.eligibility import Left
from chalicelib.campaigns.rules.lines import Line
from chalicelib.campaigns.rules.pricing import Priced, price
from chalicelib.campaigns.rules.sets import CampaignSet, compile_campaigns
from chalicelib.campaigns.rules.steps import NOT_IN_SCOPE


class PastOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it was placed: its lines at the list prices of then, its member, and the points
    that were paid."""

    id: str
    at: datetime
    buyer: Buyer
    lines: tuple[Line, ...]
    points: int


class Given(msgspec.Struct, frozen=True):
    """What a campaign would have given `takers` of so many orders: `points` off and back, `cash`
    off in minor units, free `gifts`."""

    orders: int = 0
    takers: int = 0
    points: int = 0
    cash: int = 0
    gifts: int = 0

    def __add__(self, more: Given) -> Given:
        mine, theirs = msgspec.structs.astuple(self), msgspec.structs.astuple(more)
        return Given(*(a + b for a, b in zip(mine, theirs, strict=True)))


class Replayed(msgspec.Struct):
    """What a campaign would have given so far, by day of the program, and how often each reason
    held. The orders of each member are those that it applied to."""

    by_day: dict[date, Given] = {}
    reasons: Counter[str] = msgspec.field(default_factory=Counter)
    by_member: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def total(self) -> Given:
        return sum(self.by_day.values(), Given())


def replay(
    campaign: Campaign,
    orders: Iterable[PastOrder],
    zone: tzinfo,
    beside: Sequence[Campaign] = (),
    so_far: Replayed | None = None,
) -> Replayed:
    """What a campaign would have given of orders, in the order given, within its budget and its
    limit per member.

    `beside` are campaigns that run too. `so_far` is what earlier orders gave: a replay may go on
    page by page. Its window is not looked at, as past orders lie before it; its days and hours are.
    """
    made = so_far or Replayed()
    tried = replace(campaign, terms=_without_ends(campaign))
    campaigns = compile_campaigns([*(each for each in beside if each.id != campaign.id), tried])
    for order in orders:
        given = _given(tried, campaigns, order, made)
        day = order.at.astimezone(zone).date()
        made.by_day[day] = made.by_day.get(day, Given()) + given
    return made


def _without_ends(campaign: Campaign) -> CampaignDraft:
    terms = campaign.terms
    if terms.valid is None:
        return terms
    return replace(terms, valid=replace(terms.valid, from_=None, until=None))


def _given(campaign: Campaign, campaigns: CampaignSet, order: PastOrder, so_far: Replayed) -> Given:
    left = {campaign.id: _left(campaign, order.buyer.member_id, so_far)}
    priced = price(order.lines, order.buyer, campaigns, None, order.at, left=left)
    step = next((each for each in priced.steps if each.id == campaign.id), None)
    so_far.reasons[step.outcome.reason if step else NOT_IN_SCOPE] += 1
    if step is None or not step.outcome.is_applied:
        return Given(orders=1)
    so_far.by_member[order.buyer.member_id] += 1
    return _cost_of(campaign.id, priced, order.points)


def _cost_of(campaign_id: str, priced: Priced, points: int) -> Given:
    """What a campaign gives, if as many of the points as the price takes are paid."""
    settled = priced.settle(max(priced.least, min(points, priced.most)))
    off = [each for each in settled.discounts if each.step.id == campaign_id]
    back = [each for each in settled.points_back if each.step.id == campaign_id]
    gifts = [each.step.outcome.gift.quantity for each in off if each.step.outcome.gift]
    return Given(
        orders=1,
        takers=1,
        points=sum(each.points for each in off) + sum(each.points for each in back),
        cash=sum(each.cash for each in off),
        gifts=sum(gifts),
    )


def _left(campaign: Campaign, member_id: str, so_far: Replayed) -> Left:
    budget, used = campaign.terms.budget or CampaignBudget(), so_far.total
    most = campaign.terms.orders_each
    return Left(
        *(
            None if limit is None else limit - gone
            for limit, gone in (
                (budget.points, used.points),
                (budget.cash, used.cash),
                (budget.takers, used.takers),
                (most, so_far.by_member[member_id]),
            )
        )
    )
