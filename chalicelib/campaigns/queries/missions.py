"""Reads of missions and of members' progress."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from chalicelib import members, tiers
from chalicelib.campaigns.queries.people import buyer_of, facts_of
from chalicelib.campaigns.rules.audiences import is_in
from chalicelib.campaigns.rules.missions import Mission
from chalicelib.campaigns.rules.progress import Progress
from chalicelib.campaigns.tables.missions import (
    COUNTING,
    MISSION,
    MISSIONS,
    PROGRESS,
    CountingItem,
    MissionItem,
    MissionProgressItem,
    MissionVersionItem,
    TakersItem,
)
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import or_not_found


def find_item(mission_id: str) -> MissionItem | None:
    found: MissionItem | None = MissionItem.find(MISSIONS, mission_id)
    return found


def get_item(mission_id: str) -> MissionItem:
    """Raises NotFound."""
    return or_not_found(None if mission_id == COUNTING else find_item(mission_id))


def all_missions() -> list[Mission]:
    """Every mission, the drafts among them."""
    found = MissionItem.query(MISSIONS, MissionItem.sk > COUNTING + "~", consistent_read=True)
    return [item.value() for item in found]


def versions_of(mission_id: str) -> list[Mission]:
    """Each version of a mission, the first one first."""
    return [
        item.value()
        for item in MissionVersionItem.query(
            MISSION + mission_id, MissionVersionItem.sk.startswith("V#")
        )
    ]


def counting_item() -> CountingItem | None:
    found: CountingItem | None = CountingItem.find(MISSIONS, COUNTING)
    return found


def counting() -> tuple[Mission, ...]:
    """The missions that count, read consistently: a recalled set would count less than another
    one that is newer, and take back more later."""
    found = counting_item()
    return found.missions if found else ()


def taken_of(mission_id: str) -> int:
    """How many rewards of a mission were taken."""
    key = TakersItem.key(mission_id)
    found: TakersItem | None = TakersItem.find(key.pk, key.sk)
    return found.taken or 0 if found else 0


def progress_at(member_id: str, mission: Mission, at: datetime) -> Progress:
    """A member's progress in the period of an instant, read consistently."""
    period = mission.period_at(at, config().time_zone).name
    found = find_progress(member_id, mission.id, period)
    return progress_in(member_id, mission, at, [found] if found else [])


def progress_in(
    member_id: str, mission: Mission, at: datetime, known: Sequence[Progress]
) -> Progress:
    """Of all progress with a mission that is known, that in the period of an instant."""
    period = mission.period_at(at, config().time_zone)
    none = Progress(
        member_id=member_id, mission_id=mission.id, period=period.name, until_ms=period.until_ms
    )
    return next((each for each in known if each.period == period.name), none)


def find_progress(member_id: str, mission_id: str, period: str) -> Progress | None:
    return MissionProgressItem.find_value(*MissionProgressItem.key(member_id, mission_id, period))


def all_progress(member_id: str) -> Iterator[Progress]:
    """All that a member's id has of missions."""
    for item in MissionProgressItem.query(PROGRESS + member_id, consistent_read=True):
        yield item.value()


def is_for(mission: Mission, member_id: str) -> bool:
    """Whether a member is one of those whom a mission is for."""
    if mission.audience.all:
        return True
    member_id = members.current(member_id)
    buyer = buyer_of(facts_of(member_id), tiers.tier_of(member_id))
    return is_in(mission.audience, buyer)
