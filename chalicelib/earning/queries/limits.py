"""Reads of the counters of limits."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from chalicelib.earning.rules import Decision
from chalicelib.earning.rules.limits import Left, Used, left_of
from chalicelib.earning.tables.limits import BUDGET_SHARDS, BudgetItem, CapItem
from chalicelib.kernel.store.reads import ReadSet


class Counted(NamedTuple):
    """The counters of one rule for one member, as they were read.

    `used` is None without caps; `version` is that of its item, 0 without one. `budget` has the
    points left by shard, beginning with `first`.
    """

    used: Used | None
    version: int
    budget: Mapping[int, int] | None
    first: int
    left: Left


def counted(member_id: str, decisions: Sequence[Decision], day: date) -> dict[str, Counted]:
    """The counters of the rules whose awards have limits, read consistently: by rule."""
    limited = [each for each in decisions if each.limits is not None]
    if not limited:
        return {}
    reads = ReadSet()
    caps = {
        each.rule_id: reads.want(CapItem, *CapItem.key(each.rule_id, member_id))
        for each in limited
        if each.limits and each.limits.is_of_member
    }
    first = random.randrange(BUDGET_SHARDS)  # noqa: S311 - a shard, not a secret
    budgets = {
        each.rule_id: reads.want(BudgetItem, *BudgetItem.key(each.rule_id, first))
        for each in limited
        if each.limits and each.limits.budget is not None
    }
    reads.read()
    made = {}
    for each in limited:
        cap = caps[each.rule_id]() if each.rule_id in caps else None
        shard = budgets[each.rule_id]() if each.rule_id in budgets else None
        budget = None
        if each.rule_id in budgets:
            budget = {first: shard.left if shard else 0}
            if budget[first] < each.points:
                budget = budget_left(each.rule_id)
        made[each.rule_id] = _counted(each, cap, budget, first, day)
    return made


def _counted(
    decision: Decision,
    cap: CapItem | None,
    budget: Mapping[int, int] | None,
    first: int,
    day: date,
) -> Counted:
    assert decision.limits is not None
    used = used_of(cap, day) if decision.limits.is_of_member else None
    left = Left(
        left_of(decision.limits, used) if used else None,
        sum(budget.values()) if budget is not None else None,
    )
    return Counted(used, cap.version if cap else 0, budget, first, left)


def used_of(cap: CapItem | None, day: date) -> Used:
    """What a member got of a rule, as counted on a day of the program."""
    if cap is None:
        return Used.none_on(day)
    return Used(cap.day, cap.month, cap.day_used, cap.month_used, cap.life).on(day)


def find_cap(rule_id: str, member_id: str) -> CapItem | None:
    found: CapItem | None = CapItem.find(*CapItem.key(rule_id, member_id))
    return found


def budget_left(rule_id: str) -> dict[int, int]:
    """The points left in each shard of a rule's budget, as they are now."""
    reads = ReadSet()
    wanted = [reads.want(BudgetItem, *BudgetItem.key(rule_id, n)) for n in range(BUDGET_SHARDS)]
    reads.read()
    return {number: item.left for number, each in enumerate(wanted) if (item := each())}
