"""Campaigns of one group exclude each other: a line gets one of them."""

from __future__ import annotations

from collections.abc import Sequence
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


def without_excluded(
    occasion: Occasion, listed: Listed, candidates: Sequence[Candidate]
) -> Allowed:
    """The candidates as exclusion groups leave them.

    Of a group, a line gets the campaign of the highest priority, then that which saves more on the
    list, then the first id. A campaign that would do nothing excludes nobody.
    """
    groups: dict[str, list[Candidate]] = {}
    for each in candidates:
        name = each.campaign.terms.exclusion_group
        if name is not None and each.campaign.terms.kind != MULTIPLIER:
            groups.setdefault(name, []).append(each)
    several = [group for group in groups.values() if len(group) > 1]
    if not several:
        return Allowed(list(candidates), [], frozenset())
    lines: dict[str, tuple[int, ...]] = {}
    others: dict[str, str] = {}
    for group in several:
        _resolve(occasion, listed, group, lines, others)
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


def _resolve(
    occasion: Occasion,
    listed: Listed,
    group: Sequence[Candidate],
    lines: dict[str, tuple[int, ...]],
    others: dict[str, str],
) -> None:
    """Note the lines that are left for each of a group, and who stands in the way of whom."""
    rivals = [_rival(occasion, listed, each) for each in group]
    rivals.sort(
        key=lambda each: (
            -each.candidate.campaign.terms.priority,
            -each.value,
            each.candidate.campaign.id,
        )
    )
    taken: dict[int, str] = {}
    for rival in rivals:
        if not rival.outcome.is_applied:
            continue
        candidate, found = rival.candidate, rival
        free = tuple(at for at in candidate.lines if at not in taken)
        if free != candidate.lines:
            blocked = next(taken[at] for at in candidate.lines if at in taken)
            others[candidate.campaign.id] = blocked
            candidate = candidate._replace(lines=free)
            found = _rival(occasion, listed, candidate) if free else rival
            if not free or not found.outcome.is_applied:
                lines[candidate.campaign.id] = ()
                continue
            lines[candidate.campaign.id] = free
        taken |= dict.fromkeys(_touched(found), candidate.campaign.id)


def _rival(occasion: Occasion, listed: Listed, candidate: Candidate) -> _Rival:
    outcome = listed.outcome(candidate)
    return _Rival(candidate, outcome, value_of(outcome, occasion.lines, occasion.worth))


def _touched(rival: _Rival) -> Sequence[int]:
    """The lines that a campaign needs for what it does."""
    if rival.candidate.campaign.terms.kind in (PRICE, FLASH_SALE):
        return [cut.at for cut in rival.outcome.cuts]
    return rival.candidate.lines
