"""Items of what partners told of members.

pk MEMBER#<member>    sk FACTS
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.earning.tables.events import EarningItem
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute


class MemberFactsItem(EarningItem):
    """The facts of the latest `member.updated`: `birthday` is month and day, as in 1231."""

    member_id = UnicodeAttribute()
    occurred_at = IntegerAttribute()
    birthday = IntegerAttribute(null=True)
    told = StructAttribute[dict[str, str | int | bool]](dict[str, str | int | bool], null=True)

    @staticmethod
    def key(member_id: str) -> tuple[str, str]:
        return f"MEMBER#{member_id}", "FACTS"
