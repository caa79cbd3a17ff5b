"""The items of triggers.

TRIGGERS           <trigger>   a trigger as ops define it
TRIGGER#<id>       TAKERS      how many rewards of it were taken
WATCH#<member>     <event>     a member to look at when it is due: by a birthday, or away
"""

from __future__ import annotations

from functools import partial
from typing import Any

from chalicelib.campaigns.rules.triggers import Trigger, Watch
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.kernel.store.indexes import shard_of, shards_of

TRIGGERS, WATCH, DUE = "TRIGGERS", "WATCH#", "WATCH"
due_shard, due_shards = partial(shard_of, shards=8), partial(shards_of, shards=8)


class TriggerItem(MarketingItem):
    """A trigger, and the digest of the request that made it."""

    trigger = StructAttribute[Trigger](Trigger)
    version = IntegerAttribute()
    made_of = BytesAttribute()

    @classmethod
    def of(cls, trigger: Trigger, made_of: bytes) -> TriggerItem:
        key = (TRIGGERS, trigger.id)
        return cls(*key, trigger=trigger, version=trigger.version, made_of=made_of)

    @property
    def content(self) -> bytes:
        found: bytes = self.made_of
        return found

    def value(self) -> Trigger:
        return self.trigger


class TriggerTakersItem(MarketingItem):
    """How many rewards of a trigger were taken."""

    taken = IntegerAttribute(null=True)

    @classmethod
    def key(cls, trigger_id: str) -> TriggerTakersItem:
        return cls(f"TRIGGER#{trigger_id}", "TAKERS")


class WatchItem(MarketingItem):
    """What a member is watched for."""

    seen = IntegerAttribute()
    version = IntegerAttribute()

    @classmethod
    def of(cls, told: Watch) -> WatchItem:
        beside: dict[str, Any] = {}
        if told.due_ms is not None:
            beside = {
                "due_shard": due_shard(DUE, told.member_id),
                "due_at": -(-told.due_ms // 1000),
            }
        return cls.holding(told, WATCH + told.member_id, told.event, **beside)

    def value(self) -> Watch:
        due_ms = None if self.due_at is None else self.due_at * 1000
        member_id = self.pk.removeprefix(WATCH)
        return self.into(Watch, member_id=member_id, event=self.sk, due_ms=due_ms)
