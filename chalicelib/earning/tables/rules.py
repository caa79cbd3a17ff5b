"""Items of earning rules.

pk RULES          sk <rule>      a rule as the staff sees it
pk RULE#<rule>    sk V#<n>       each version that was in force
pk RULESET        sk HEAD        the version and the number of parts of the rules in force
pk RULESET        sk PART#<n>    those rules, packed
"""

from __future__ import annotations

from chalicelib.earning.rules.definitions import Rule
from chalicelib.earning.rules.records import RuleRecord
from chalicelib.earning.tables.events import EarningItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.kernel.store.packed_sets import PackedSet

RULES = "RULES"


class RuleItem(EarningItem):
    version = IntegerAttribute()
    record = StructAttribute[RuleRecord](RuleRecord)
    content = BytesAttribute(null=True)

    @classmethod
    def of(cls, record: RuleRecord, content: bytes | None) -> RuleItem:
        return cls(RULES, record.id, version=record.version, record=record, content=content)


class RuleVersionItem(EarningItem):
    rule = StructAttribute[Rule](Rule)

    @classmethod
    def of(cls, rule: Rule) -> RuleVersionItem:
        return cls(*cls.key(rule.id, rule.version), rule=rule)

    @staticmethod
    def key(rule_id: str, version: int) -> tuple[str, str]:
        return f"RULE#{rule_id}", f"V#{version:08d}"


class RuleSetItem(EarningItem):
    """The head of the rules in force; `without_purchases` is 1 once those are retired."""

    version = IntegerAttribute()
    parts = IntegerAttribute()
    without_purchases = IntegerAttribute(null=True)


class RulePartItem(EarningItem):
    version = IntegerAttribute()
    packed = BytesAttribute()


IN_FORCE = PackedSet("RULESET", Rule, RuleSetItem, RulePartItem)
