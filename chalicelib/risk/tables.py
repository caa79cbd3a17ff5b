"""The items of risk.

pk MBR#<member>              sk CASE; DUE; USE#DEVICE#<device>; USE#NETWORK#<day>#<network>
pk DEVICE#<device>           sk <member>
pk NETWORK#<day>#<network>   sk <member>
pk RULES                     sk CURRENT; VERSION#<number>

A device is a keyed hash, a network is such as 203.0.113.0/24. `ttl` (epoch seconds) only cleans:
the time of a use decides.
"""

from __future__ import annotations

from functools import partial

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute
from chalicelib.kernel.store.indexes import KEYS_ONLY, index, shard_of, shards_of
from chalicelib.kernel.store.tables import Item
from chalicelib.risk.rules.cases import Case
from chalicelib.risk.rules.evidence import Evidence
from chalicelib.risk.rules.scores import LEVELS, Published, Reason, RiskRules

CASE, DUE, CURRENT = "CASE", "DUE", "CURRENT"
USE, DEVICE, NETWORK = "USE#", "DEVICE#", "NETWORK#"
RULES = "RULES"
due_shard, due_shards = (
    partial(shard_of, "ASSESS", shards=4),
    partial(shards_of, "ASSESS", shards=4),
)


class RiskItem(Item):
    """The keys and indexes that all items of risk share."""

    class Meta:
        table_name = config().table("risk")

    # Members to assess, by when (epoch seconds): sparse, keys only.
    due = index("due", "due_shard", "due_at", projection=KEYS_ONLY, order_type=IntegerAttribute)
    # Cases by their state, the gravest first.
    listed = index("listed", "list_name", "list_order", projection=KEYS_ONLY)
    due_shard = UnicodeAttribute(null=True)
    due_at = IntegerAttribute(null=True)
    list_name = UnicodeAttribute(null=True)
    list_order = UnicodeAttribute(null=True)


class RiskCaseItem(RiskItem):
    """The case of a member; one that nobody has to look at is in no list."""

    state = UnicodeAttribute()
    level = UnicodeAttribute()
    score = IntegerAttribute()
    reasons = StructAttribute[tuple[Reason, ...]](tuple[Reason, ...])
    opened_at = IntegerAttribute()
    changed_at = IntegerAttribute()
    version = IntegerAttribute()
    known = StructAttribute[Evidence](Evidence, null=True)
    rules_version = IntegerAttribute(null=True)

    @classmethod
    def of(cls, case: Case) -> RiskCaseItem:
        grave = f"{LEVELS.index(case.level)}#{case.score:04d}#{case.changed_at_ms:015d}"
        return cls.holding(
            case,
            member_key(case.member_id),
            CASE,
            list_name=list_of(case.state),
            list_order=f"{grave}#{case.member_id}",
        )

    @classmethod
    def key(cls, member_id: str) -> RiskCaseItem:
        return cls(member_key(member_id), CASE)

    def value(self) -> Case:
        return self.into(Case, member_id=self.pk.removeprefix("MBR#"))


class DueItem(RiskItem):
    """A member to assess: something new is known of them. `mark` is another each time."""

    mark = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str) -> DueItem:
        return cls(member_key(member_id), DUE)


class UseItem(RiskItem):
    """A member's use of a device or a network, found from either side; `at` in epoch ms."""

    at = IntegerAttribute()
    ttl = IntegerAttribute()


class RulesItem(RiskItem):
    """A version of the published rules; CURRENT is the newest."""

    terms = StructAttribute[RiskRules](RiskRules)
    version = IntegerAttribute()
    published_at = IntegerAttribute()
    published_by = UnicodeAttribute()

    @classmethod
    def of(cls, told: Published, sort_key: str) -> RulesItem:
        return cls.holding(told, RULES, sort_key)

    def value(self) -> Published:
        return self.into(Published)

    @staticmethod
    def sort_key(version: int) -> str:
        return f"VERSION#{version:08d}"


def member_key(member_id: str) -> str:
    return f"MBR#{member_id}"


def list_of(state: str) -> str:
    return f"CASES#{state}"


def network_key(day: str, network: str) -> str:
    """The partition of a network's members on a program day."""
    return f"{NETWORK}{day}#{network}"
