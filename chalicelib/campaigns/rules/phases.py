"""Campaigns lower the terms of a basket in phases, each in the order of priority, then of id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.campaigns.rules.audiences import Buyer, held_out, is_in
from chalicelib.campaigns.rules.definitions import (
    BUNDLE,
    BUY_AND_GIVE,
    FIRST_ORDER,
    FLASH_SALE,
    FULL_REDUCTION,
    MULTIPLIER,
    POINTS_BACK,
    PRICE,
    Campaign,
)
from chalicelib.campaigns.rules.kinds import JUDGES
from chalicelib.campaigns.rules.lines import Basket, Line
from chalicelib.campaigns.rules.sets import Candidate
from chalicelib.campaigns.rules.steps import (
    BUDGET_SPENT,
    CAMPAIGN,
    HELD_OUT,
    LIMIT_REACHED,
    NOT_FIRST_ORDER,
    NOT_IN_AUDIENCE,
    OTHER_PRICE,
    OUT_OF_WINDOW,
    Outcome,
    Step,
    cash_of,
    points_of,
    refused,
)
from chalicelib.earning import holds_at

_UNIT = 0
_PHASE_OF = {
    PRICE: _UNIT,
    FLASH_SALE: _UNIT,
    BUNDLE: 1,
    BUY_AND_GIVE: 2,
    FULL_REDUCTION: 3,
    POINTS_BACK: 4,
    FIRST_ORDER: 4,
    MULTIPLIER: 5,
}


class Left(NamedTuple):
    """What is left of a campaign: of its budget, and `orders` for this member; None is no limit."""

    points: int | None = None
    cash: int | None = None
    takers: int | None = None
    orders: int | None = None


class Occasion(NamedTuple):
    """What does not change while a cart is priced."""

    lines: Sequence[Line]
    buyer: Buyer
    at: datetime
    local: datetime
    left: Mapping[str, Left]
    worth: int


def campaign_steps(
    occasion: Occasion, basket: Basket, candidates: Sequence[Candidate]
) -> list[Step]:
    """What each candidate does to the basket, in turn; then those that are not for this member."""
    closed: list[Step] = []
    by_phase: dict[int, list[Candidate]] = {}
    for each in candidates:
        reason = _closed(occasion, each.campaign)
        if reason is not None:
            closed.append(_step(each.campaign, refused(reason)))
        else:
            by_phase.setdefault(_PHASE_OF[each.campaign.terms.kind], []).append(each)
    steps = _unit_prices(occasion, basket, by_phase.pop(_UNIT, ()))
    for phase in sorted(by_phase):
        steps.extend(_in_turn(occasion, basket, by_phase[phase]))
    return [*steps, *closed]


def _in_turn(occasion: Occasion, basket: Basket, candidates: Sequence[Candidate]) -> Iterator[Step]:
    for each in candidates:
        outcome = _judged(occasion, basket, each)
        if outcome.is_applied:
            basket.take(outcome.cuts)
            basket.bundle(outcome.bundled)
        yield _step(each.campaign, outcome)


def _unit_prices(occasion: Occasion, basket: Basket, candidates: Sequence[Candidate]) -> list[Step]:
    """Each line has the cheapest of its prices, and never two."""
    best: dict[int, tuple[int, str]] = {}
    outcomes = []
    for each in candidates:
        outcome = _judged(occasion, basket, each)
        outcomes.append((each.campaign, outcome))
        for cut in outcome.cuts if outcome.is_applied else ():
            saved = basket.saved_by([cut])
            if cut.at not in best or saved > best[cut.at][0]:
                best[cut.at] = saved, each.campaign.id
    steps = []
    for campaign, outcome in outcomes:
        made = _won(campaign, outcome, best)
        basket.take(made.cuts)
        steps.append(_step(campaign, made))
    return steps


def _won(campaign: Campaign, outcome: Outcome, best: Mapping[int, tuple[int, str]]) -> Outcome:
    """The outcome for the lines of which a campaign has the best price."""
    if not outcome.is_applied:
        return outcome
    won = tuple(cut for cut in outcome.cuts if best[cut.at][1] == campaign.id)
    return outcome._replace(cuts=won) if won else refused(OTHER_PRICE, best[outcome.cuts[0].at][1])


def _closed(occasion: Occasion, campaign: Campaign) -> str | None:
    """Why a campaign is not for this member now."""
    terms, buyer = campaign.terms, occasion.buyer
    if not holds_at(terms.valid, occasion.at, occasion.local):
        return OUT_OF_WINDOW
    if not is_in(terms.audience, buyer):
        return NOT_IN_AUDIENCE
    if held_out(campaign.id, buyer.member_id, terms.holdout_percent):
        return HELD_OUT
    if terms.kind == FIRST_ORDER and buyer.orders_before:
        return NOT_FIRST_ORDER
    left = occasion.left.get(campaign.id)
    if left is not None and left.orders is not None and left.orders <= 0:
        return LIMIT_REACHED
    return None


def _judged(occasion: Occasion, basket: Basket, candidate: Candidate) -> Outcome:
    outcome = JUDGES[candidate.campaign.terms.kind](candidate, occasion.lines, basket)
    return _afforded(occasion, candidate.campaign, outcome)


def _afforded(occasion: Occasion, campaign: Campaign, outcome: Outcome) -> Outcome:
    """The outcome, if the campaign's budget has all of it, whatever points are then paid."""
    left = occasion.left.get(campaign.id)
    if left is None or not outcome.is_applied:
        return outcome
    asked = (points_of(outcome), left.points), (cash_of(outcome), left.cash), (1, left.takers)
    if any(there is not None and wanted > there for wanted, there in asked):
        return refused(BUDGET_SPENT)
    return outcome


def _step(campaign: Campaign, outcome: Outcome) -> Step:
    terms = campaign.terms
    return Step(
        source=CAMPAIGN,
        id=campaign.id,
        version=campaign.version,
        kind=terms.kind,
        outcome=outcome,
        title_zh=terms.title.zh,
        title_en=terms.title.en,
    )
