"""What campaigns know of a member: pk MEMBER#<member>, sk FACTS."""

from __future__ import annotations

from pynamodb.attributes import UnicodeSetAttribute

from chalicelib.campaigns.rules.people import MemberFacts, Month
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute

MEMBER, FACTS = "MEMBER#", "FACTS"


class MemberFactsItem(MarketingItem):
    """Sets change by themselves, a member at a time; `taken` and `bought` have their versions."""

    tags = UnicodeSetAttribute(null=True)
    lists = UnicodeSetAttribute(null=True)
    segments = UnicodeSetAttribute(null=True)
    taken = StructAttribute[dict[str, int]](dict[str, int], null=True)
    taken_version = IntegerAttribute(null=True)
    bought = StructAttribute[dict[str, Month]](dict[str, Month], null=True)
    bought_version = IntegerAttribute(null=True)
    orders = IntegerAttribute(null=True)

    @classmethod
    def key(cls, member_id: str) -> MemberFactsItem:
        return cls(MEMBER + member_id, FACTS)

    def value(self) -> MemberFacts:
        return MemberFacts(
            member_id=self.pk.removeprefix(MEMBER),
            tags=frozenset(self.tags or ()),
            lists=frozenset(self.lists or ()),
            segments=frozenset(self.segments or ()),
            taken=self.taken or {},
            taken_version=self.taken_version or 0,
            bought=self.bought or {},
            bought_version=self.bought_version or 0,
            orders=self.orders or 0,
        )
