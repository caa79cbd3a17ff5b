"""The items of rewards.

REW#<member>   <reference>              a reward that the member has earned
CLOSINGS       <period>#<kind>#<shard>  sums of the rewards that a closing run pays
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.campaigns.rules.rewards import COMING, REFUSED, Given, Promise, Reward, Sums
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute
from chalicelib.kernel.store.indexes import shard_of, shards_of

REWARDS, CLOSINGS, DUE = "REW#", "CLOSINGS", "REWARD"
SHARDS = 8
due_shard, due_shards = partial(shard_of, shards=SHARDS), partial(shards_of, shards=SHARDS)
# The list of what could not be paid.
REFUSED_LIST = "rewards#refused"


def coming_of(member_id: str) -> str:
    """The list of what a member's rewards will bring."""
    return f"rewards#{member_id}"


class PromiseItem(MarketingItem):
    """A reward; due while it is not what it is worth, listed while it comes or was refused."""

    reward = StructAttribute[Reward](Reward)
    source = UnicodeAttribute()
    amount = IntegerAttribute()
    at = IntegerAttribute()
    pays_at = IntegerAttribute()
    period = UnicodeAttribute(null=True)
    given = StructAttribute[tuple[Given, ...]](tuple[Given, ...], null=True)
    taken = IntegerAttribute(null=True)
    paid_to = UnicodeAttribute(null=True)
    refused = UnicodeAttribute(null=True)
    changed_at = IntegerAttribute(null=True)
    noted = StructAttribute[Sums](Sums, null=True)
    version = IntegerAttribute()

    @staticmethod
    def key(member_id: str, reference: str) -> tuple[str, str]:
        return REWARDS + member_id, reference

    @classmethod
    def of(cls, told: Promise) -> PromiseItem:
        beside: dict[str, Any] = {"pays_at": told.due_at_ms}
        if (next_at := told.next_at_ms) is not None:
            beside["due_shard"] = due_shard(DUE, told.member_id)
            beside["due_at"] = -(-next_at // 1000)
        if told.state in (COMING, REFUSED):
            is_coming = told.state == COMING
            beside["list_name"] = coming_of(told.member_id) if is_coming else REFUSED_LIST
            beside["list_order"] = f"{told.due_at_ms:013d}#{told.reference}"
        return cls.holding(told, *cls.key(told.member_id, told.reference), **beside)

    def value(self) -> Promise:
        return self.into(
            Promise,
            member_id=self.pk.removeprefix(REWARDS),
            reference=self.sk,
            due_at_ms=self.pays_at,
        )


class ClosingItem(MarketingItem):
    """Sums over the rewards of a period and a kind, each in one of several shards: how many were
    earned, what they are worth, and what was paid, each net of what was undone."""

    earned = IntegerAttribute(null=True)
    worth = IntegerAttribute(null=True)
    paid = IntegerAttribute(null=True)
    amount = IntegerAttribute(null=True)
    refused = IntegerAttribute(null=True)
    until = IntegerAttribute(null=True)

    @classmethod
    def key(cls, told: Promise) -> ClosingItem:
        shard = shard_of(told.reward.kind, told.member_id + told.reference, shards=SHARDS)
        return cls(CLOSINGS, f"{told.period}#{shard}")

    @property
    def names(self) -> tuple[str, str]:
        """(period, kind)."""
        period, kind, _ = self.sk.split("#")
        return period, kind
