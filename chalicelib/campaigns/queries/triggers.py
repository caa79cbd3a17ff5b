"""Reads of triggers, and of the members who are to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from chalicelib.campaigns.rules.triggers import LIVE, Trigger, Watch
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.campaigns.tables.triggers import (
    DUE,
    TRIGGERS,
    WATCH,
    TriggerItem,
    TriggerTakersItem,
    WatchItem,
    due_shards,
)
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.recall import Recall

# Publishing takes effect within this time in other processes.
_KEPT_S = 15


@cache
def _recalled() -> Recall[str, list[Trigger]]:
    return Recall(_KEPT_S, 1)


def forget_triggers() -> None:
    _recalled().clear()


def find_item(trigger_id: str) -> TriggerItem | None:
    found: TriggerItem | None = TriggerItem.find(TRIGGERS, trigger_id)
    return found


def get_item(trigger_id: str) -> TriggerItem:
    """Raises NotFound."""
    return or_not_found(find_item(trigger_id))


def all_triggers() -> list[Trigger]:
    return [item.value() for item in TriggerItem.query(TRIGGERS, consistent_read=True)]


def live_triggers() -> list[Trigger]:
    """The triggers that are live, as of a moment ago."""
    found = _recalled().get(LIVE)
    if found is None:
        found = [each for each in all_triggers() if each.status == LIVE]
        _recalled().keep(LIVE, found)
    return found


def taken_of(trigger_id: str) -> int:
    key = TriggerTakersItem.key(trigger_id)
    found: TriggerTakersItem | None = TriggerTakersItem.find(key.pk, key.sk)
    return found.taken or 0 if found else 0


def find_watch(member_id: str, event: str) -> Watch | None:
    return WatchItem.find_value(WATCH + member_id, event)


def due_watches(now_s: int) -> Iterator[tuple[str, str]]:
    """The members to look at by now, as (member, event), page by page; the first shard is another
    one each time."""
    shards = due_shards(DUE)
    first = now_s // 300 % len(shards)
    for shard in shards[first:] + shards[:first]:
        for item in MarketingItem.due.query(shard, MarketingItem.due_at <= now_s):
            yield item.pk.removeprefix(WATCH), item.sk
