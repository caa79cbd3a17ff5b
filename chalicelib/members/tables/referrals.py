"""The items of referral codes.

pk REF#<code>    sk CODE       the member who invites by this code
pk WAS#<hash>    sk <member>   that a member had this phone or e-mail before
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.members.tables.items import MembersItem


class ReferralCodeItem(MembersItem):
    """The member of a code; its key allows one member."""

    member_id = UnicodeAttribute()

    @classmethod
    def key(cls, code: str) -> ReferralCodeItem:
        return cls(f"REF#{code}", "CODE")


class FormerItem(MembersItem):
    """That a member unlinked an identity: who registers with it again is no friend of theirs."""

    until = IntegerAttribute()

    @classmethod
    def key(cls, identity: str, member_id: str) -> FormerItem:
        return cls(f"WAS#{identity}", member_id)
