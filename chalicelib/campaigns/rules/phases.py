"""Campaigns lower the terms of a basket in phases, each in the order of priority, then of id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

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
    APPLIED,
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
_PHASES = 1 + max(_PHASE_OF.values())
# A campaign, and what it did.
_Did = tuple[Campaign, Outcome]


def campaign_steps(
    occasion: Occasion, candidates: Sequence[Candidate]
) -> tuple[Basket, list[Step]]:
    """The basket as the candidates leave it, and what each did, in turn; then those that are not
    for this member, or that another excludes."""
    idle: list[_Did] = []
    open_ = []
    for each in candidates:
        reason = closed(occasion, each.campaign)
        if reason is None:
            open_.append(each)
        else:
            idle.append((each.campaign, refused(reason)))
    listed = Listed(occasion)
    exclusion, phases = Exclusion(occasion, listed), _Phases(occasion, listed)
    while True:
        allowed = exclusion.allowed(open_)
        basket, done, vain = phases.run(allowed)
        # What excluded another and then did nothing (a lower price came first) leaves its place.
        if not vain:
            break
        idle += vain
        gone = {campaign.id for campaign, _ in vain}
        open_ = [each for each in open_ if each.campaign.id not in gone]
    excluded = [(each.campaign, refused(EXCLUDED, by)) for each, by in allowed.excluded]
    return basket, [step_of(*did) for did in (*done, *excluded, *idle)]


class _Phase(NamedTuple):
    """What the candidates of a phase did, and the basket after them."""

    candidates: list[Candidate]
    basket: Basket
    done: list[_Did]


class _Phases:
    """The phases of a cart. A phase is not run again for the candidates that it had, if no phase
    before it is."""

    def __init__(self, occasion: Occasion, listed: Listed) -> None:
        self._occasion, self._listed = occasion, listed
        self._kept: dict[int, _Phase] = {}

    def run(self, allowed: Allowed) -> tuple[Basket, list[_Did], list[_Did]]:
        """The basket after all phases, what each candidate did, and the winners of groups that did
        nothing: none, or those of a phase after which nothing more was run."""
        by_phase: dict[int, list[Candidate]] = {}
        for each in allowed.candidates:
            by_phase.setdefault(_PHASE_OF[each.campaign.terms.kind], []).append(each)
        basket, done = self._listed.basket, []
        is_same = True
        for phase in range(_PHASES):
            candidates, kept = by_phase.get(phase, []), self._kept.get(phase)
            is_same = is_same and kept is not None and kept.candidates == candidates
            if kept is None or not is_same:
                kept = self._kept[phase] = self._phase(phase, candidates, basket.copy())
            basket = kept.basket
            done += kept.done
            idle = [did for did in kept.done if did[1].reason != APPLIED]
            vain = [did for did in idle if did[0].id in allowed.winners]
            if vain:
                return basket, done, vain
        return basket, done, []

    def _phase(self, phase: int, candidates: list[Candidate], basket: Basket) -> _Phase:
        if phase == _UNIT:
            made = [(each.campaign, self._listed.outcome(each)) for each in candidates]
            done = _unit_prices(self._occasion, basket, made)
        else:
            done = [*_in_turn(self._occasion, basket, candidates)]
        return _Phase(candidates, basket, done)


def _in_turn(occasion: Occasion, basket: Basket, candidates: Sequence[Candidate]) -> Iterator[_Did]:
    for each in candidates:
        outcome = judged(occasion, basket, each)
        if outcome.reason == APPLIED:
            basket.take(outcome.cuts)
            basket.bundle(outcome.bundled)
        yield each.campaign, outcome


def _unit_prices(occasion: Occasion, basket: Basket, made: Sequence[_Did]) -> list[_Did]:
    """Each line has the cheapest of its prices, and never two."""
    best: dict[int, tuple[int, str]] = {}
    for campaign, outcome in made:
        for cut in outcome.cuts:
            saved = saved_by((cut,), occasion.lines, occasion.worth)
            if cut.at not in best or saved > best[cut.at][0]:
                best[cut.at] = saved, campaign.id
    done = []
    for campaign, outcome in made:
        won = _won(campaign, outcome, best)
        basket.take(won.cuts)
        done.append((campaign, won))
    return done


def _won(campaign: Campaign, outcome: Outcome, best: Mapping[int, tuple[int, str]]) -> Outcome:
    """The outcome for the lines of which a campaign has the best price."""
    if outcome.reason != APPLIED:
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
