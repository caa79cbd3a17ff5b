"""Caps of a member and budgets of all: what they leave of an award."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from chalicelib.earning.rules.decisions import MATCHED, Decision, Limits, units_given

CAP_REACHED, BUDGET_EXHAUSTED = "cap_reached", "budget_exhausted"
NOTHING_TO_MULTIPLY = "nothing_to_multiply"


class Left(NamedTuple):
    """The points that are left of a member's caps and of a budget; None is no limit."""

    of_member: int | None = None
    of_budget: int | None = None


class Used(msgspec.Struct, frozen=True):
    """The points that a member got of a rule: in a day and a month of the program, and in all."""

    day: str
    month: str
    day_used: int = 0
    month_used: int = 0
    life: int = 0

    @classmethod
    def none_on(cls, day: date) -> Used:
        return cls(f"{day:%Y-%m-%d}", f"{day:%Y-%m}")

    def on(self, day: date) -> Used:
        """The same on a day: another day or month begins with nothing."""
        fresh = Used.none_on(day)
        return Used(
            fresh.day,
            fresh.month,
            self.day_used if self.day == fresh.day else 0,
            self.month_used if self.month == fresh.month else 0,
            self.life,
        )

    def with_more(self, points: int) -> Used:
        """The same after an award."""
        more = (self.day_used + points, self.month_used + points, self.life + points)
        return Used(self.day, self.month, *more)

    def without(self, points: int, then: date) -> Used:
        """The same after an award of a day was taken back; a day that is over keeps it."""
        fresh = Used.none_on(then)
        of_day = points if fresh.day == self.day else 0
        of_month = points if fresh.month == self.month else 0
        left = (self.day_used - of_day, self.month_used - of_month, self.life - points)
        return Used(self.day, self.month, *(max(0, each) for each in left))


def left_of(limits: Limits, used: Used) -> int | None:
    """The points that a member's caps leave; None without caps."""
    caps = (
        (limits.member_day, used.day_used),
        (limits.member_month, used.month_used),
        (limits.member_life, used.life),
    )
    left = [max(0, cap - so_far) for cap, so_far in caps if cap is not None]
    return min(left) if left else None


def sum_of(decisions: Iterable[Decision], unit: str) -> int:
    """The points of a unit that rules gave which do not multiply."""
    return sum(each.points for each in decisions if each.unit == unit and each.multiplier is None)


def limited(decisions: Sequence[Decision], left: Mapping[str, Left]) -> list[Decision]:
    """The decisions cut to what limits leave, by rule.

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


def at_risk(decisions: Sequence[Decision]) -> list[str]:
    """The units of which limits may leave nothing at all."""
    safe = {each.unit for each in decisions if each.points and not _may_vanish(each)}
    return [unit for unit in units_given(decisions) if unit not in safe]


def _may_vanish(decision: Decision) -> bool:
    return decision.limits is not None or decision.multiplier is not None
