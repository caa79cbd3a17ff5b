"""The item of a member's payout account."""

from __future__ import annotations

from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute
from chalicelib.withdrawals.tables.items import WithdrawalsItem

ACCOUNT = "ACCOUNT"


class PayoutAccountItem(WithdrawalsItem):
    """Where a member's money goes, sealed to the member.

    A removed account leaves its version behind: one that is set later is never taken for it.
    """

    sealed = BytesAttribute(null=True)
    version = IntegerAttribute()
    updated_at = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str) -> PayoutAccountItem:
        return cls(member_key(member_id), ACCOUNT)


def member_key(member_id: str) -> str:
    return f"MEM#{member_id}"
