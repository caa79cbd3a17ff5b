"""Campaigns lower the terms of a basket in phases, each in the order of priority, then of id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
from chalicelib.campaigns.rules.eligibility import Occasion, closed, judged
from chalicelib.campaigns.rules.exclusion import without_excluded
from chalicelib.campaigns.rules.lines import Basket, saved_by
from chalicelib.campaigns.rules.sets import Candidate
from chalicelib.campaigns.rules.steps import (
    CAMPAIGN,
    EXCLUDED,
    OTHER_PRICE,
    Outcome,
    Step,
    refused,
)

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


def campaign_steps(
    occasion: Occasion, candidates: Sequence[Candidate]
) -> tuple[Basket, list[Step]]:
    """The basket as the candidates leave it, and what each did, in turn; then those that are not
    for this member, or that another excludes."""
    idle: list[Step] = []
    open_ = []
    for each in candidates:
        reason = closed(occasion, each.campaign)
        if reason is None:
            open_.append(each)
        else:
            idle.append(step_of(each.campaign, refused(reason)))
    while True:
        allowed = without_excluded(occasion, open_)
        basket, steps = _phases(occasion, allowed.candidates)
        # What excluded another and then did nothing (a lower price came first) leaves its place.
        vain = [s for s in steps if s.id in allowed.winners and not s.outcome.is_applied]
        if not vain:
            break
        idle += vain
        open_ = [each for each in open_ if all(each.campaign.id != step.id for step in vain)]
    excluded = [step_of(each.campaign, refused(EXCLUDED, by)) for each, by in allowed.excluded]
    return basket, [*steps, *excluded, *idle]


def _phases(occasion: Occasion, candidates: Sequence[Candidate]) -> tuple[Basket, list[Step]]:
    basket = Basket(occasion.lines)
    by_phase: dict[int, list[Candidate]] = {}
    for each in candidates:
        by_phase.setdefault(_PHASE_OF[each.campaign.terms.kind], []).append(each)
    steps = _unit_prices(occasion, basket, by_phase.pop(_UNIT, ()))
    for phase in sorted(by_phase):
        steps.extend(_in_turn(occasion, basket, by_phase[phase]))
    return basket, steps


def _in_turn(occasion: Occasion, basket: Basket, candidates: Sequence[Candidate]) -> Iterator[Step]:
    for each in candidates:
        outcome = judged(occasion, basket, each)
        if outcome.is_applied:
            basket.take(outcome.cuts)
            basket.bundle(outcome.bundled)
        yield step_of(each.campaign, outcome)


def _unit_prices(occasion: Occasion, basket: Basket, candidates: Sequence[Candidate]) -> list[Step]:
    """Each line has the cheapest of its prices, and never two."""
    best: dict[int, tuple[int, str]] = {}
    outcomes = []
    for each in candidates:
        outcome = judged(occasion, basket, each)
        outcomes.append((each.campaign, outcome))
        for cut in outcome.cuts if outcome.is_applied else ():
            saved = saved_by([cut], occasion.lines, occasion.worth)
            if cut.at not in best or saved > best[cut.at][0]:
                best[cut.at] = saved, each.campaign.id
    steps = []
    for campaign, outcome in outcomes:
        made = _won(campaign, outcome, best)
        basket.take(made.cuts)
        steps.append(step_of(campaign, made))
    return steps


def _won(campaign: Campaign, outcome: Outcome, best: Mapping[int, tuple[int, str]]) -> Outcome:
    """The outcome for the lines of which a campaign has the best price."""
    if not outcome.is_applied:
        return outcome
    won = tuple(cut for cut in outcome.cuts if best[cut.at][1] == campaign.id)
    return outcome._replace(cuts=won) if won else refused(OTHER_PRICE, best[outcome.cuts[0].at][1])


def step_of(campaign: Campaign, outcome: Outcome) -> Step:
    """The step of a campaign with this outcome."""
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
