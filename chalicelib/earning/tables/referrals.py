"""The items of referrals.

REFS#<referrer>     <joined>#<friend>          a referral; the friend's profile leads to it
REFDUE#<shard>      <due>#<referrer>#<friend>  a referral whose return window ends then
"""

from __future__ import annotations

import zlib
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.earning.rules.referrals import STATES, Promise, Referral, Seen
from chalicelib.earning.tables import EarningItem
from chalicelib.kernel.store.attributes import ChoiceAttribute, IntegerAttribute, StructAttribute

DUE_SHARDS = 8
# Milliseconds of epoch, as text that sorts by time until the year 2286.
_DIGITS = 13


def sortable(at_ms: int) -> str:
    return f"{at_ms:0{_DIGITS}d}"


class ReferralItem(EarningItem):
    """A referral, in the list of who invited, by when the friend joined."""

    state = ChoiceAttribute(STATES)
    orders = StructAttribute[tuple[Seen, ...]](tuple[Seen, ...], null=True)
    promise = StructAttribute[Promise](Promise, null=True)
    order = UnicodeAttribute(null=True)
    due_at = IntegerAttribute(null=True)
    points = IntegerAttribute(null=True)
    friend_points = IntegerAttribute(null=True)
    paid_at = IntegerAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    version = IntegerAttribute()

    @staticmethod
    def partition(referrer_id: str) -> str:
        return f"REFS#{referrer_id}"

    @classmethod
    def key(cls, referrer_id: str, friend_id: str, joined_at_ms: int) -> tuple[str, str]:
        return cls.partition(referrer_id), f"{sortable(joined_at_ms)}#{friend_id}"

    @classmethod
    def of(cls, told: Referral) -> ReferralItem:
        return cls.holding(told, *cls.key(told.referrer_id, told.friend_id, told.joined_at_ms))

    def value(self) -> Referral:
        joined, _, friend = self.sk.partition("#")
        who: dict[str, Any] = {
            "referrer_id": self.pk.removeprefix("REFS#"),
            "friend_id": friend,
            "joined_at_ms": int(joined),
        }
        return self.into(Referral, **who)


class DueReferralItem(EarningItem):
    """A referral in the queue of what the sweep pays."""

    joined_at = IntegerAttribute()

    @staticmethod
    def shard(number: int) -> str:
        return f"REFDUE#{number}"

    @classmethod
    def of(cls, told: Referral) -> DueReferralItem:
        assert told.due_at_ms is not None, "only what waits is due"
        number = zlib.crc32(told.friend_id.encode()) % DUE_SHARDS
        name = f"{sortable(told.due_at_ms)}#{told.referrer_id}#{told.friend_id}"
        return cls(cls.shard(number), name, joined_at=told.joined_at_ms)

    @property
    def names(self) -> tuple[str, str]:
        """(who invited, the friend)."""
        _, referrer, friend = self.sk.split("#")
        return referrer, friend
