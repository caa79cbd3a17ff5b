"""A member claims the reward of a mission: once for each period."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.campaigns.actions.progress import Owed, put_progress, settle, take
from chalicelib.campaigns.errors import (
    MissionAlreadyClaimed,
    MissionClosed,
    MissionNotReached,
    MissionRewardsGone,
)
from chalicelib.campaigns.queries import missions as queries
from chalicelib.campaigns.rules import progress as rules
from chalicelib.campaigns.rules.missions import DRAFT, Mission
from chalicelib.campaigns.rules.progress import CLAIMABLE, DONE, GONE, LAPSED, Progress
from chalicelib.campaigns.tables.missions import MissionClaimItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import Moved, NotFound
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal


class Asked(NamedTuple):
    """A claim as a member asks for it: its id follows from their key. Without a `period` it is of
    the last one that can be claimed."""

    id: str
    content: bytes
    member_id: str
    mission_id: str
    period: str | None


def claim(asked: Asked, now: datetime) -> tuple[MissionClaimItem, bool]:
    """Claim a reward: (claim, replayed).

    Raises NotFound, MissionNotReached, MissionAlreadyClaimed, MissionRewardsGone, MissionClosed,
    IdempotencyKeyReused.
    """
    owed: Owed = []

    def write() -> MissionClaimItem:
        owed.clear()
        mission = _mission(asked)
        seen = _progress(mission, asked, now)
        _check(mission, seen, to_ms(now))
        writes = WriteSet()
        after = take(writes, mission, seen, now, owed)
        if after.is_gone:
            raise MissionRewardsGone()
        item = MissionClaimItem.key(asked.id)
        item.made_of, item.member_id, item.mission_id = asked.content, asked.member_id, mission.id
        item.period, item.at = seen.period, to_ms(now)
        writes.put_new(item, or_raise=Moved)
        put_progress(writes, seen, after)
        writes.commit()
        return item

    def find() -> MissionClaimItem | None:
        key = MissionClaimItem.key(asked.id)
        return replay_of(MissionClaimItem.find(key.pk, key.sk), asked.content)

    found, replayed = replay_outranks_refusal(write, find)
    settle(owed, now)
    return found, replayed


def _mission(asked: Asked) -> Mission:
    """Raises NotFound of a draft, and of one for others."""
    mission = queries.get_item(asked.mission_id).value()
    if mission.status == DRAFT or not queries.is_for(mission, asked.member_id):
        raise NotFound()
    return mission


def _progress(mission: Mission, asked: Asked, now: datetime) -> Progress:
    """Raises MissionNotReached."""
    if asked.period is None:
        return queries.progress_at(asked.member_id, mission, now)
    found = queries.find_progress(asked.member_id, mission.id, asked.period)
    if found is None:
        raise MissionNotReached(left=mission.goal.count)
    return found


def _check(mission: Mission, seen: Progress, now_ms: int) -> None:
    """Raises MissionNotReached, MissionAlreadyClaimed, MissionRewardsGone, MissionClosed."""
    state = rules.state_of(mission, seen, now_ms)
    if state == DONE:
        raise MissionAlreadyClaimed()
    if state == GONE:
        raise MissionRewardsGone()
    if state == LAPSED:
        raise MissionClosed()
    if state != CLAIMABLE:
        raise MissionNotReached(left=mission.goal.count - seen.value)
