"""Reads of the counters of limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from chalicelib.earning.rules import Decision
from chalicelib.earning.rules.limits import Left, Used, left_of
from chalicelib.earning.tables.limits import BUDGET_SHARDS, CapItem, budget_of
from chalicelib.earning.tables.rules import RULES, RuleItem
from chalicelib.kernel.budgets import sum_of
from chalicelib.kernel.store import budgets
from chalicelib.kernel.store.budgets import Seen
from chalicelib.kernel.store.reads import ReadSet


class Counted(NamedTuple):
    """The counters of one rule for one member, as they were read.

    `used` is None without caps; `version` is that of its item, 0 without one. `budget` is None
    without one.
    """

    used: Used | None
    version: int
    budget: Seen | None
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
    shards = {
        each.rule_id: budgets.want_left(reads, budget_of(each.rule_id, BUDGET_SHARDS), ("left",))
        for each in limited
        if each.limits and each.limits.budget is not None
    }
    reads.read()
    made = {}
    for each in limited:
        cap = caps[each.rule_id]() if each.rule_id in caps else None
        seen = shards.get(each.rule_id)
        made[each.rule_id] = _counted(each, cap, seen and seen({"left": each.points}), day)
    return made


def _counted(decision: Decision, cap: CapItem | None, budget: Seen | None, day: date) -> Counted:
    assert decision.limits is not None
    used = used_of(cap, day) if decision.limits.is_of_member else None
    left = Left(
        left_of(decision.limits, used) if used else None,
        sum_of(budget.left, "left") if budget is not None else None,
    )
    return Counted(used, cap.version if cap else 0, budget, left)


def used_of(cap: CapItem | None, day: date) -> Used:
    """What a member got of a rule, as counted on a day of the program."""
    return stored(cap).on(day) if cap else Used.none_on(day)


def stored(cap: CapItem) -> Used:
    """What a member got of a rule, as counted at the last credit."""
    return Used(cap.day, cap.month, cap.day_used, cap.month_used, cap.life)


def caps_of(member_id: str) -> list[str]:
    """The rules, published or not, of which a member's points are counted."""
    reads = ReadSet()
    ids = [item.sk for item in RuleItem.query(RULES, consistent_read=True)]
    wanted = {each: reads.want(CapItem, *CapItem.key(each, member_id)) for each in ids}
    reads.read()
    return [rule_id for rule_id, find in wanted.items() if find() is not None]


def find_cap(rule_id: str, member_id: str) -> CapItem | None:
    found: CapItem | None = CapItem.find(*CapItem.key(rule_id, member_id))
    return found


def budget_left(rule_id: str) -> dict[int, int]:
    """The points left in each shard of a rule's budget, as they are now."""
    left = budgets.left_of(budget_of(rule_id, BUDGET_SHARDS), ("left",))
    return {number: each["left"] for number, each in left.items()}
