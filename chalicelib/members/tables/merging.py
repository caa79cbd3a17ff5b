"""The item of a member who was merged into another one.

pk MBR#<member>    sk ALIAS    who they are now; instead of their profile
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.members.tables.items import MEMBER, MembersItem

# It sorts before the rows that are read with a profile.
ALIAS = "ALIAS"


class MergedItem(MembersItem):
    """That a member is another one; who had invited them, and since when they were one."""

    merged_into = UnicodeAttribute()
    merged_at = IntegerAttribute()
    registered_at = IntegerAttribute()
    referred_by = UnicodeAttribute(null=True)

    @classmethod
    def key(cls, member_id: str) -> MergedItem:
        return cls(MEMBER + member_id, ALIAS)
