"""Campaigns lower the terms of a basket in phases, each in the order of priority, then of id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

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
from chalicelib.campaigns.rules.eligibility import Listed, Occasion, closed, judged
from chalicelib.campaigns.rules.exclusion import Allowed, Exclusion
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
    listed = Listed(occasion)
    exclusion = Exclusion(occasion, listed)
    while True:
        allowed = exclusion.allowed(open_)
        basket, steps = _phases(occasion, listed, allowed)
        # What excluded another and then did nothing (a lower price came first) leaves its place.
        vain = _in_vain(steps, allowed)
        if not vain:
            break
        idle += vain
        gone = {step.id for step in vain}
        open_ = [each for each in open_ if each.campaign.id not in gone]
    excluded = [step_of(each.campaign, refused(EXCLUDED, by)) for each, by in allowed.excluded]
    return basket, [*steps, *excluded, *idle]


def _in_vain(steps: Iterable[Step], allowed: Allowed) -> list[Step]:
    winners = allowed.winners
    return [each for each in steps if each.id in winners and not each.outcome.is_applied]


def _phases(occasion: Occasion, listed: Listed, allowed: Allowed) -> tuple[Basket, list[Step]]:
    """All phases, or the first alone if a winner did nothing in it."""
    basket = listed.basket.copy()
    by_phase: dict[int, list[Candidate]] = {}
    for each in allowed.candidates:
        by_phase.setdefault(_PHASE_OF[each.campaign.terms.kind], []).append(each)
    units = by_phase.pop(_UNIT, [])
    made = [(each.campaign, listed.outcome(each)) for each in units]
    steps = _unit_prices(occasion, basket, made)
    if not _in_vain(steps, allowed):
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


def _unit_prices(
    occasion: Occasion, basket: Basket, made: Sequence[tuple[Campaign, Outcome]]
) -> list[Step]:
    """Each line has the cheapest of its prices, and never two."""
    best: dict[int, tuple[int, str]] = {}
    for campaign, outcome in made:
        for cut in outcome.cuts:
            saved = saved_by((cut,), occasion.lines, occasion.worth)
            if cut.at not in best or saved > best[cut.at][0]:
                best[cut.at] = saved, campaign.id
    steps = []
    for campaign, outcome in made:
        won = _won(campaign, outcome, best)
        basket.take(won.cuts)
        steps.append(step_of(campaign, won))
    return steps


def _won(campaign: Campaign, outcome: Outcome, best: Mapping[int, tuple[int, str]]) -> Outcome:
    """The outcome for the lines of which a campaign has the best price."""
    if not outcome.is_applied:
        return outcome
    won = tuple([cut for cut in outcome.cuts if best[cut.at][1] == campaign.id])
    return Outcome(cuts=won) if won else refused(OTHER_PRICE, best[outcome.cuts[0].at][1])


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
