"""Caps of a member and budgets of all: what they leave of an award."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from chalicelib.earning.rules.decisions import MATCHED, Decision

CAP_REACHED, BUDGET_EXHAUSTED = "cap_reached", "budget_exhausted"
NOTHING_TO_MULTIPLY = "nothing_to_multiply"


class Left(NamedTuple):
    """The points that are left of a member's caps and of a budget; None is no limit."""

    of_member: int | None = None
    of_budget: int | None = None


def sum_of(decisions: Iterable[Decision], unit: str) -> int:
    """The points of a unit that rules gave which do not multiply."""
    return sum(each.points for each in decisions if each.unit == unit and each.multiplier is None)


def limited(decisions: Sequence[Decision], left: Mapping[str, Left]) -> list[Decision]:
    """The decisions cut to what limits leave: by rule.

    A cap cuts an award, a budget gives it whole or not at all. Multipliers are of what the other
    rules give after that.
    """
    plain = [_cut(each, left) for each in decisions if each.multiplier is None]
    by_rule = {(each.rule_id, each.unit): each for each in plain}
    made: list[Decision] = []
    for each in decisions:
        if each.multiplier is None:
            made.append(by_rule[each.rule_id, each.unit])
            continue
        points = each.multiplier.points(sum_of(plain, each.unit))
        reason = MATCHED if points else NOTHING_TO_MULTIPLY
        again = msgspec.structs.replace(each, points=points, reason=reason)
        made.append(_cut(again, left))
    return made


def _cut(decision: Decision, left: Mapping[str, Left]) -> Decision:
    if decision.limits is None or not decision.points:
        return decision
    of_member, of_budget = left.get(decision.rule_id, Left())
    points, reason = decision.points, decision.reason
    if of_member is not None and of_member < points:
        points = max(0, of_member)
        reason = reason if points else CAP_REACHED
    if of_budget is not None and of_budget < points:
        points, reason = 0, BUDGET_EXHAUSTED
    return msgspec.structs.replace(decision, points=points, reason=reason)
