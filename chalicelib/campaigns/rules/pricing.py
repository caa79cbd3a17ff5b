"""The price engine: lines, a member, campaigns and a coupon make a price with its steps.

What applies depends on the list alone, never on how many points the member then chooses to pay.
So there are two stages: `price` gives the terms of each line, `Priced.settle` what is due beside
the chosen points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.coupon_terms import judge_coupon
from chalicelib.campaigns.rules.lines import MICROS, Basket, Line, LineTerms
from chalicelib.campaigns.rules.phases import Left, Occasion, campaign_steps
from chalicelib.campaigns.rules.sets import CampaignSet
from chalicelib.campaigns.rules.settling import Settled, settled, total_due
from chalicelib.campaigns.rules.steps import (
    COUPON,
    Outcome,
    Reduction,
    Step,
)
from chalicelib.catalog import Freight
from chalicelib.coupons import Coupon
from chalicelib.kernel.config import config

NO_FREIGHT = Freight()


class Priced(msgspec.Struct, frozen=True, kw_only=True):
    """Lines with the terms that are left of them, and the steps that led there. `freight` is what
    is left of it."""

    lines: Sequence[Line]
    terms: Sequence[LineTerms]
    freight: Freight
    steps: Sequence[Step]

    @property
    def least(self) -> int:
        """The fewest points that pay for the lines; freight is apart."""
        return sum(each.least for each in self.terms)

    @property
    def most(self) -> int:
        return sum(each.points for each in self.terms)

    @property
    def reductions(self) -> list[Reduction]:
        """Amounts off the cash due, in their order."""
        return [each.outcome.reduction for each in self.steps if each.outcome.reduction]

    @property
    def coupon(self) -> Step | None:
        """The step of the coupon, whether it applies or not."""
        return next((each for each in self.steps if each.source == COUPON), None)

    def cash_due(self, points: int) -> int:
        """The cash due for the lines beside these points; it falls as points rise."""
        return total_due(self.terms, self.reductions, points)

    def settle(self, points: int) -> Settled:
        """What each line costs beside these points, and what each step saved of that."""
        return settled(self.terms, self.steps, points)


def price(
    lines: Sequence[Line],
    buyer: Buyer,
    campaigns: CampaignSet,
    coupon: Coupon | None,
    at: datetime,
    freight: Freight = NO_FREIGHT,
    *,
    left: Mapping[str, Left] | None = None,
    worth: int = MICROS,
) -> Priced:
    """The price of lines for a member at an instant.

    `left` is what is left of campaigns, by id. `worth` is that of a point in millionths of a minor
    unit: it compares prices, and is never paid.
    """
    occasion = Occasion(lines, buyer, at, at.astimezone(config().time_zone), left or {}, worth)
    basket = Basket(map(LineTerms.of, lines), worth)
    steps = campaign_steps(occasion, basket, campaigns.candidates(lines))
    if coupon is not None:
        outcome = judge_coupon(coupon.terms, lines, basket, freight)
        if outcome.is_applied:
            basket.take(outcome.cuts)
            freight = NO_FREIGHT if outcome.frees_freight else freight
        steps.append(_coupon_step(coupon, outcome))
    return Priced(lines=lines, terms=basket.terms, freight=freight, steps=steps)


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
