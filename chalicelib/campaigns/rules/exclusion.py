"""Campaigns of one group exclude each other: a line gets one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from chalicelib.campaigns.rules.definitions import FLASH_SALE, MULTIPLIER, PRICE
from chalicelib.campaigns.rules.eligibility import Listed, Occasion
from chalicelib.campaigns.rules.sets import Candidate
from chalicelib.campaigns.rules.steps import Outcome, value_of


class Allowed(NamedTuple):
    """The candidates with the lines that their groups leave them, and by id those whom another
    excludes wholly, with the other's. `winners` are those that exclude somebody."""

    candidates: list[Candidate]
    excluded: list[tuple[Candidate, str]]
    winners: frozenset[str]


class _Rival(NamedTuple):
    """A candidate and what it would do if there were no other."""

    candidate: Candidate
    outcome: Outcome
    value: int


class _Resolved(NamedTuple):
    """The lines that are left for those of a group that meet another, and who that is."""

    lines: dict[str, tuple[int, ...]]
    others: dict[str, str]


class Exclusion:
    """The exclusion groups of a cart's campaigns, each resolved once for the same campaigns.

    Of a group, a line gets the campaign of the highest priority, then that which saves more on the
    list, then the first id. A campaign that would do nothing excludes nobody.
    """

    def __init__(self, occasion: Occasion, listed: Listed) -> None:
        self._occasion, self._listed = occasion, listed
        # Campaigns only leave a group while a cart is priced: their number tells which are there.
        self._resolved: dict[tuple[str, int], _Resolved] = {}

    def allowed(self, candidates: Sequence[Candidate]) -> Allowed:
        """The candidates as their groups leave them."""
        groups: dict[str, list[Candidate]] = {}
        for each in candidates:
            name = each.campaign.terms.exclusion_group
            if name is not None and each.campaign.terms.kind != MULTIPLIER:
                groups.setdefault(name, []).append(each)
        lines: dict[str, tuple[int, ...]] = {}
        others: dict[str, str] = {}
        for name, group in groups.items():
            found = self._group(name, group)
            lines |= found.lines
            others |= found.others
        left, excluded = [], []
        for each in candidates:
            free = lines.get(each.campaign.id)
            if free is None:
                left.append(each)
            elif free:
                left.append(Candidate(each.campaign, free))
            else:
                excluded.append((each, others[each.campaign.id]))
        return Allowed(left, excluded, frozenset(others.values()))

    def _group(self, name: str, group: Sequence[Candidate]) -> _Resolved:
        key = name, len(group)
        if key not in self._resolved:
            self._resolved[key] = _resolved(self._rivals(group), self._rival)
        return self._resolved[key]

    def _rivals(self, group: Sequence[Candidate]) -> list[_Rival]:
        """Those of a group that would do something, the first to choose its lines first."""
        rivals = [each for each in map(self._rival, group) if each.outcome.is_applied]
        return sorted(
            rivals,
            key=lambda each: (
                -each.candidate.campaign.terms.priority,
                -each.value,
                each.candidate.campaign.id,
            ),
        )

    def _rival(self, candidate: Candidate) -> _Rival:
        outcome = self._listed.outcome(candidate)
        value = value_of(outcome, self._occasion.lines, self._occasion.worth)
        return _Rival(candidate, outcome, value)


def _resolved(rivals: Sequence[_Rival], again: Callable[[Candidate], _Rival]) -> _Resolved:
    """Each takes its lines in turn; `again` tells what one would do with fewer lines."""
    made = _Resolved({}, {})
    taken: dict[int, str] = {}
    for rival in rivals:
        candidate, found = rival.candidate, rival
        free = tuple([at for at in candidate.lines if at not in taken])
        if free != candidate.lines:
            campaign_id = candidate.campaign.id
            made.others[campaign_id] = next(taken[at] for at in candidate.lines if at in taken)
            found = again(Candidate(candidate.campaign, free)) if free else rival
            if not free or not found.outcome.is_applied:
                made.lines[campaign_id] = ()
                continue
            made.lines[campaign_id] = free
        taken |= dict.fromkeys(_touched(found), candidate.campaign.id)
    return made


def _touched(rival: _Rival) -> Sequence[int]:
    """The lines that a campaign needs for what it does."""
    if rival.candidate.campaign.terms.kind in (PRICE, FLASH_SALE):
        return [cut.at for cut in rival.outcome.cuts]
    return rival.candidate.lines
