"""Counters of the limits of rules.

pk CAP#<rule>#<member>    sk CAP     the points that a member got of a rule
pk BUDGET#<rule>#<n>      sk LEFT    a shard of the points that are left of a rule's budget
"""

from __future__ import annotations

from functools import partial

from pynamodb.attributes import UnicodeAttribute

from chalicelib.earning.tables.events import EarningItem
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.budgets import Budget

BUDGET_SHARDS = 8


class CapItem(EarningItem):
    """Points in the program's `day` and `month`, those of the last credit, and in all."""

    life = IntegerAttribute()
    month = UnicodeAttribute()
    month_used = IntegerAttribute()
    day = UnicodeAttribute()
    day_used = IntegerAttribute()
    version = IntegerAttribute()

    @staticmethod
    def key(rule_id: str, member_id: str) -> tuple[str, str]:
        return f"CAP#{rule_id}#{member_id}", "CAP"


class BudgetItem(EarningItem):
    left = IntegerAttribute()

    @staticmethod
    def key(rule_id: str, shard: int) -> tuple[str, str]:
        return f"BUDGET#{rule_id}#{shard}", "LEFT"


def budget_of(rule_id: str, shards: int) -> Budget:
    """The budget of a rule."""
    return Budget(BudgetItem, partial(BudgetItem.key, rule_id), shards)
