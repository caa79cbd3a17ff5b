"""Whether a campaign is for a member now, and whether what is left of it is enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.campaigns.rules.audiences import Buyer, held_out, is_in
from chalicelib.campaigns.rules.definitions import FIRST_ORDER, Campaign
from chalicelib.campaigns.rules.kinds import JUDGES
from chalicelib.campaigns.rules.lines import MICROS, Basket, Line, LineTerms
from chalicelib.campaigns.rules.sets import Candidate
from chalicelib.campaigns.rules.steps import (
    BUDGET_SPENT,
    GIFT_GONE,
    HELD_OUT,
    LIMIT_REACHED,
    NOT_FIRST_ORDER,
    NOT_IN_AUDIENCE,
    OUT_OF_WINDOW,
    Outcome,
    cash_of,
    points_of,
    refused,
)
from chalicelib.earning import holds_at


class Left(NamedTuple):
    """What is left of a campaign: of its budget, and `orders` for this member; None is no limit."""

    points: int | None = None
    cash: int | None = None
    takers: int | None = None
    orders: int | None = None


class Occasion(NamedTuple):
    """What does not change while a cart is priced; `gone` are SKUs that cannot be given."""

    lines: Sequence[Line]
    buyer: Buyer
    at: datetime
    local: datetime
    left: Mapping[str, Left] = {}
    gone: frozenset[str] = frozenset()
    worth: int = MICROS


def closed(occasion: Occasion, campaign: Campaign) -> str | None:
    """Why a campaign is not for this member now; None if it is."""
    terms, buyer = campaign.terms, occasion.buyer
    if not holds_at(terms.valid, occasion.at, occasion.local):
        return OUT_OF_WINDOW
    if not is_in(terms.audience, buyer):
        return NOT_IN_AUDIENCE
    if held_out(campaign.id, buyer.member_id, terms.holdout_percent):
        return HELD_OUT
    # Where nobody counted the orders, nothing is given.
    if terms.kind == FIRST_ORDER and buyer.orders_before != 0:
        return NOT_FIRST_ORDER
    left = occasion.left.get(campaign.id)
    if left is not None and left.orders is not None and left.orders <= 0:
        return LIMIT_REACHED
    return None


def judged(occasion: Occasion, basket: Basket, candidate: Candidate) -> Outcome:
    """What a campaign would do to a basket, if what is left of it is enough for all of that,
    whatever points are then paid."""
    outcome = JUDGES[candidate.campaign.terms.kind](candidate, occasion.lines, basket)
    if not outcome.is_applied:
        return outcome
    if outcome.gift is not None and outcome.gift.sku in occasion.gone:
        if outcome.promise is None:
            return refused(GIFT_GONE)
        outcome = outcome._replace(gift=None)
    left = occasion.left.get(candidate.campaign.id)
    if left is None:
        return outcome
    asked = (points_of(outcome), left.points), (cash_of(outcome), left.cash), (1, left.takers)
    if any(there is not None and wanted > there for wanted, there in asked):
        return refused(BUDGET_SPENT)
    return outcome


class Listed:
    """What campaigns would do at list prices, if there were no other: each is judged once."""

    __slots__ = ("_judged", "_occasion", "basket")

    def __init__(self, occasion: Occasion) -> None:
        self._occasion = occasion
        self.basket = Basket(map(LineTerms.of, occasion.lines))
        self._judged: dict[tuple[str, tuple[int, ...]], Outcome] = {}

    def outcome(self, candidate: Candidate) -> Outcome:
        key = candidate.campaign.id, candidate.lines
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = judged(self._occasion, self.basket, candidate)
        return found
