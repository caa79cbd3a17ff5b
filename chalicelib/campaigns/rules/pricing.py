"""The price engine: lines, a member, campaigns and a coupon make a price with its steps.

What applies depends on the list alone, never on how many points the member then chooses to pay.
So there are two stages: `price` gives the terms of each line, `Priced.settle` what is due beside
the chosen points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.coupon_terms import judge_coupon
from chalicelib.campaigns.rules.eligibility import Left, Occasion, closed
from chalicelib.campaigns.rules.lines import MICROS, Basket, Line, LineTerms
from chalicelib.campaigns.rules.phases import campaign_steps, step_of
from chalicelib.campaigns.rules.sets import CampaignSet, Candidate
from chalicelib.campaigns.rules.settling import (
    Planned,
    Settled,
    planned,
    settled,
    to_pay,
    total_due,
)
from chalicelib.campaigns.rules.steps import (
    COUPON,
    GIFT_GONE,
    NOT_IN_SCOPE,
    NOT_WITH_CAMPAIGNS,
    NOT_WITH_COUPON,
    SAVES_NOTHING,
    Gift,
    Outcome,
    Step,
    refused,
)
from chalicelib.catalog import Freight
from chalicelib.coupons import Coupon
from chalicelib.kernel.config import config

NO_FREIGHT = Freight()


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """Lines with the terms that are left of them, and the steps that led there. `freight` is what
    is left of it; `plan` takes amounts off the cash due, in their order."""

    lines: Sequence[Line]
    terms: Sequence[LineTerms]
    freight: Freight
    steps: Sequence[Step]
    plan: Sequence[Planned] = ()

    @property
    def least(self) -> int:
        """The fewest points that pay for the lines; freight is apart."""
        return sum(each.least for each in self.terms)

    @property
    def most(self) -> int:
        return sum(each.points for each in self.terms)

    @property
    def coupon(self) -> Step | None:
        """The step of the coupon, whether it applies or not."""
        return next((each for each in self.steps if each.source == COUPON), None)

    @property
    def gifts(self) -> list[Gift]:
        """Units that cost nothing; a SKU may come twice, or be one of the cart."""
        return [each.outcome.gift for each in self.steps if each.outcome.gift]

    def cash_due(self, points: int) -> int:
        """The cash due for the lines beside these points; it falls as points rise."""
        return total_due(self.terms, self.plan, points)

    def settle(self, points: int) -> Settled:
        """What each line costs beside these points, and what each step saved of that."""
        return settled(self.terms, self.steps, self.plan, points)


def price(
    lines: Sequence[Line],
    buyer: Buyer,
    campaigns: CampaignSet,
    coupon: Coupon | None,
    at: datetime,
    freight: Freight = NO_FREIGHT,
    *,
    left: Mapping[str, Left] | None = None,
    gone: frozenset[str] = frozenset(),
    worth: int = MICROS,
) -> Priced:
    """The price of lines for a member at an instant.

    `left` is what is left of campaigns, by id; `gone` are SKUs that cannot be given. `worth` is
    that of a point in millionths of a minor unit: it compares prices, and is never paid.
    """
    local = at.astimezone(config().time_zone)
    occasion = Occasion(lines, buyer, at, local, left or {}, gone, worth)
    found = campaigns.candidates(lines)
    return _with_coupon(occasion, found, freight, coupon)


def steps_elsewhere(
    priced: Priced, buyer: Buyer, campaigns: CampaignSet, at: datetime
) -> list[Step]:
    """The steps of the campaigns that a price does not name: they are about other goods, or not for
    this member anyway."""
    told = {step.id for step in priced.steps}
    occasion = Occasion(priced.lines, buyer, at, at.astimezone(config().time_zone))
    others = (each.campaign for each in campaigns.campaigns if each.campaign.id not in told)
    return [step_of(each, refused(closed(occasion, each) or NOT_IN_SCOPE)) for each in others]


def _priced(
    occasion: Occasion,
    candidates: Sequence[Candidate],
    freight: Freight,
    coupon: Coupon | None = None,
) -> Priced:
    basket, steps = campaign_steps(occasion, candidates)
    made = _made(occasion, basket, freight, steps)
    return made if coupon is None else _lowered(occasion, made, basket, coupon)


def _made(occasion: Occasion, basket: Basket, freight: Freight, steps: Sequence[Step]) -> Priced:
    plan = planned([each.outcome.reduction for each in steps if each.outcome.reduction])
    terms = tuple(basket.terms)
    return Priced(lines=occasion.lines, terms=terms, freight=freight, steps=steps, plan=plan)


def _lowered(occasion: Occasion, made: Priced, basket: Basket, coupon: Coupon) -> Priced:
    """The price as a coupon leaves it, with its step as the last."""
    freight = made.freight
    outcome = judge_coupon(coupon.terms, occasion.lines, basket, freight)
    if outcome.gift is not None and outcome.gift.sku in occasion.gone:
        outcome = refused(GIFT_GONE)
    basket.take(outcome.cuts)
    freight = Freight(freight.points - outcome.freight[0], freight.cash - outcome.freight[1])
    steps = [*made.steps, _coupon_step(coupon, outcome)]
    less = _made(occasion, basket, freight, steps)
    # Campaigns may have taken already what the coupon would take.
    is_less = _to_pay(occasion, less) < _to_pay(occasion, made) or less.most < made.most
    if outcome.is_applied and outcome.gift is None and not is_less:
        return replace(made, steps=[*made.steps, _coupon_step(coupon, refused(SAVES_NOTHING))])
    return less


def _with_coupon(
    occasion: Occasion, candidates: Sequence[Candidate], freight: Freight, coupon: Coupon | None
) -> Priced:
    """The price with a coupon, if there is one. Where it does not go together with campaigns, the
    better for the member: a coupon that saves less than they do leaves the price as it was."""
    together = [
        each
        for each in candidates
        if coupon is None or (coupon.terms.with_campaigns and each.campaign.terms.with_coupons)
    ]
    made = _priced(occasion, together, freight, coupon)
    if coupon is None or len(together) == len(candidates):
        return made
    plain = _priced(occasion, candidates, freight)
    kept = {each.campaign.id for each in together}
    lost = [step for step in plain.steps if step.id not in kept]
    clashes = [step for step in lost if step.outcome.is_applied]
    step = made.steps[-1]
    is_better = _to_pay(occasion, made) < _to_pay(occasion, plain)
    if step.outcome.is_applied and clashes and not is_better:
        step = replace(step, outcome=refused(NOT_WITH_CAMPAIGNS, clashes[0].id))
    if not step.outcome.is_applied:
        return replace(plain, steps=[*plain.steps, step])
    given_up = refused(NOT_WITH_COUPON, coupon.id)
    told = [replace(each, outcome=given_up) if each in clashes else each for each in lost]
    return replace(made, steps=[*made.steps, *told])


def _to_pay(occasion: Occasion, priced: Priced) -> int:
    """What a price costs in minor units, less the points that come back."""
    back = sum(each.outcome.promise.most for each in priced.steps if each.outcome.promise)
    points, worth = priced.freight.points - back, occasion.worth
    cash = to_pay(priced.terms, priced.plan, worth) + priced.freight.cash
    return cash + points * worth // MICROS


def _coupon_step(coupon: Coupon, outcome: Outcome) -> Step:
    return Step(
        source=COUPON,
        id=coupon.id,
        kind=coupon.terms.kind,
        outcome=outcome,
        title_zh=coupon.title_zh,
        title_en=coupon.title_en,
        template_id=coupon.template_id,
    )
