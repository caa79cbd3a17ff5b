"""Writes of missions by ops, each with its record in the audit and its version kept."""

from __future__ import annotations

from typing import Any

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.campaigns.errors import TooManyMissions
from chalicelib.campaigns.queries import missions as queries
from chalicelib.campaigns.rules import missions as rules
from chalicelib.campaigns.rules.missions import DRAFT, ENDED, LIVE, MOST_LIVE, Mission, Status
from chalicelib.campaigns.tables.missions import CountingItem, MissionItem, MissionVersionItem
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import (
    IdempotencyKeyReused,
    NotAllowedInThisState,
    Stale,
    Words,
)
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
    with_fresh_reads,
)

STATE_NAMES: dict[Status, Words] = {
    DRAFT: Words("草稿", "a draft"),
    LIVE: Words("进行中", "live"),
    ENDED: Words("已结束", "ended"),
}


def create_mission(draft: Mission, content: bytes, act: Act) -> tuple[Mission, bool]:
    """Create a mission as a draft, with the id that its key gives: (mission, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> Mission:
        rules.check_mission(draft)
        writes = WriteSet()
        writes.put_new(MissionItem.of(draft, content), or_raise=IdempotencyKeyReused)
        writes.put(MissionVersionItem.of(draft))
        audit.record_change(writes, act, None, draft)
        writes.commit()
        return draft

    def find() -> Mission | None:
        found = replay_of(queries.find_item(draft.id), content)
        return found.value() if found else None

    return replay_outranks_refusal(write, find)


def change_mission(
    mission_id: str, changes: dict[str, Any], version: int, now_ms: int, act: Act
) -> Mission:
    """Change some fields of a mission.

    Raises NotFound, Stale, NotAllowedInThisState, Invalid.
    """

    def write() -> Mission:
        item = _seen(mission_id, version)
        seen = item.value()
        if seen.status == ENDED:
            raise NotAllowedInThisState(status=ENDED).telling(state=STATE_NAMES[ENDED])
        return _put(item, rules.changed(seen, changes, now_ms), act)

    return with_fresh_reads(write)


def publish_mission(mission_id: str, version: int, now_ms: int, act: Act) -> Mission:
    """Let a mission count.

    Raises NotFound, Stale, NotAllowedInThisState, TooManyMissions.
    """

    def write() -> Mission:
        item = _seen(mission_id, version)
        _check_state(item.value(), DRAFT)
        return _put(item, rules.published(item.value(), now_ms), act, now_ms)

    return with_fresh_reads(write)


def end_mission(mission_id: str, version: int, now_ms: int, act: Act) -> Mission:
    """End a mission: it counts nothing more, what was reached can be claimed.

    Raises NotFound, Stale, NotAllowedInThisState.
    """

    def write() -> Mission:
        item = _seen(mission_id, version)
        _check_state(item.value(), LIVE)
        return _put(item, rules.ended(item.value(), now_ms), act, now_ms)

    return with_fresh_reads(write)


def _seen(mission_id: str, version: int) -> MissionItem:
    """Raises NotFound, Stale."""
    item = queries.get_item(mission_id)
    if item.version != version:
        raise Stale()
    return item


def _check_state(mission: Mission, status: Status) -> None:
    """Raises NotAllowedInThisState."""
    if mission.status != status:
        state = STATE_NAMES[mission.status]
        raise NotAllowedInThisState(status=mission.status).telling(state=state)


def _put(item: MissionItem, after: Mission, act: Act, now_ms: int | None = None) -> Mission:
    seen = item.value()
    writes = WriteSet()
    condition = MissionItem.version == seen.version
    writes.put(MissionItem.of(after, item.made_of), condition=condition, or_raise=Stale)
    writes.put_new(MissionVersionItem.of(after), or_raise=Stale)
    if after.status != DRAFT:
        _count(writes, after, now_ms)
    audit.record_change(writes, act, seen, after)
    writes.commit()
    return after


def _count(writes: WriteSet, mission: Mission, now_ms: int | None) -> None:
    """Add the mission to those that count; those are left out of which nothing is heard any more.

    Raises TooManyMissions.
    """
    item = queries.counting_item()
    kept = [each for each in (item.missions if item else ()) if each.id != mission.id]
    if now_ms is not None:
        kept = [each for each in kept if each.is_heard(now_ms)]
    if mission.status == LIVE and sum(each.status == LIVE for each in kept) >= MOST_LIVE:
        raise TooManyMissions(most=MOST_LIVE)
    version = item.version if item else 0
    made = CountingItem.of((*kept, mission), version + 1)
    writes.put(made, condition=unmoved(CountingItem.version, version or None))
