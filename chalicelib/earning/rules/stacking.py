"""Rules that exclude each other: of each group one stays."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from chalicelib.earning.rules.decisions import MATCHED, Decision
from chalicelib.earning.rules.definitions import Rule

LOST = "lost_to_stacking"


class Verdict(NamedTuple):
    """The decision of a rule, and the place in the rule that was not met."""

    rule: Rule
    decision: Decision
    path: str | None = None


def stacked(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Of rules that exclude each other one stays, then of the multipliers of one group."""
    return _one_of_each(
        _one_of_each(verdicts, _rivals, _rank, "stacking"), _group, _percent, "multiplier_group"
    )


def _one_of_each(
    verdicts: Sequence[Verdict],
    group_of: Callable[[Verdict], Hashable | None],
    rank: Callable[[Verdict], tuple[int, int, str]],
    path: str,
) -> list[Verdict]:
    """Of each group the verdict of the lowest rank, and all that are of none; others have lost."""
    best: dict[Hashable, Verdict] = {}
    groups = [group_of(each) for each in verdicts]
    for group, each in zip(groups, verdicts, strict=True):
        if group is not None and (group not in best or rank(each) < rank(best[group])):
            best[group] = each
    return [
        each if group is None or best[group] is each else _lost(each, path)
        for group, each in zip(groups, verdicts, strict=True)
    ]


def _rivals(verdict: Verdict) -> Hashable | None:
    """What a matched rule shares with those that it excludes; None if it excludes none."""
    stacking, decision = verdict.rule.terms.stacking, verdict.decision
    if decision.reason != MATCHED or stacking == "all":
        return None
    return stacking, decision.unit, decision.multiplier is not None


def _rank(verdict: Verdict) -> tuple[int, int, str]:
    """The lowest rank wins: of `best` the most points first, of a group the highest priority."""
    rule, decision = verdict.rule, verdict.decision
    points = decision.multiplier.percent if decision.multiplier else decision.points
    priority = rule.terms.priority
    first, second = (points, priority) if rule.terms.stacking == "best" else (priority, points)
    return -first, -second, rule.id


def _group(verdict: Verdict) -> Hashable | None:
    group = verdict.rule.terms.multiplier_group
    return (
        None
        if group is None or verdict.decision.multiplier is None
        else (group, verdict.decision.unit)
    )


def _percent(verdict: Verdict) -> tuple[int, int, str]:
    percent = verdict.decision.multiplier.percent if verdict.decision.multiplier else 0
    return -percent, -verdict.rule.terms.priority, verdict.rule.id


def _lost(verdict: Verdict, path: str) -> Verdict:
    decision = verdict.decision
    lost = Decision(decision.rule_id, 0, LOST, decision.unit, version=decision.version)
    return Verdict(verdict.rule, lost, path)
