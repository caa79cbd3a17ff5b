"""Progress of members: what purchases count joins their own transaction, and so does the reward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from chalicelib import members
from chalicelib.campaigns.actions import rewards
from chalicelib.campaigns.queries import missions as queries
from chalicelib.campaigns.queries import rewards as reward_queries
from chalicelib.campaigns.rules import progress as rules
from chalicelib.campaigns.rules.missions import OF_PURCHASES, Mission
from chalicelib.campaigns.rules.progress import Progress
from chalicelib.campaigns.rules.purchases import Purchase
from chalicelib.campaigns.tables.missions import MissionProgressItem, TakersItem
from chalicelib.kernel.clock import from_ms, program_day, to_ms
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads

# A reward that a commit promised: whose, and under which reference.
Owed = list[tuple[str, str]]
More = Callable[[Progress], Progress]


def count_missions(
    owed: Owed,
    now: datetime,
    writes: WriteSet,
    before: Purchase | None,
    purchase: Purchase,
    member_id: str,
) -> None:
    """Add what a change of a purchase counts for the missions of its time."""
    owed.clear()
    at = from_ms(purchase.at_ms)
    day = program_day(at)
    for mission in queries.counting():
        if mission.goal.metric not in OF_PURCHASES or not mission.counts(purchase.at_ms):
            continue
        more = rules.difference(
            rules.counted(mission.goal, before, day), rules.counted(mission.goal, purchase, day)
        )
        if more:
            seen = queries.progress_at(member_id, mission, at)
            _add(writes, mission, seen, rules.with_more(mission.goal, seen, more), now, owed)


def count_part(member_id: str, metrics: set[str], name: str, at: datetime, now: datetime) -> None:
    """Count a day of checking in, or a review, for each mission of these metrics: once."""
    member_id = members.current(member_id)
    for mission in queries.counting():
        if mission.goal.metric in metrics and mission.counts(to_ms(at)):
            _count_part(member_id, mission, name, at, now)


def _count_part(member_id: str, mission: Mission, name: str, at: datetime, now: datetime) -> None:
    owed: Owed = []

    def write() -> None:
        owed.clear()
        seen = queries.progress_at(member_id, mission, at)
        if name in seen.parts:
            return
        writes = WriteSet()
        _add(writes, mission, seen, rules.with_part(mission.goal, seen, name), now, owed)
        writes.commit()

    with_fresh_reads(write)
    settle(owed, now)


def settle(owed: Owed, now: datetime) -> None:
    """Pay what a commit has promised; the sweep pays what a crash leaves here."""
    for member_id, reference in owed:
        rewards.settle(member_id, reference, now)


def _add(
    writes: WriteSet, mission: Mission, seen: Progress, after: Progress, now: datetime, owed: Owed
) -> None:
    """Add the progress, and its reward: promised once the goal is reached, undone once it is not,
    whole again once it is again."""
    is_reached = rules.is_reached(mission, after)
    if is_reached and after.reached_ms is None:
        after = replace(after, reached_ms=to_ms(now))
    if after.taken_ms is not None:
        _make_worth(writes, mission, after, is_reached, now, owed)
    elif is_reached and not mission.is_claimed and not after.is_gone:
        after = take(writes, mission, after, now, owed)
    put_progress(writes, seen, after)


def take(writes: WriteSet, mission: Mission, seen: Progress, now: datetime, owed: Owed) -> Progress:
    """Add that a member takes the reward; the progress says so, or that it is gone.

    One who is not in the audience gets none, and may claim it once they are.
    """
    if not queries.is_for(mission, seen.member_id):
        return seen
    if mission.takers is not None:
        taken = queries.taken_of(mission.id)
        if taken >= mission.takers:
            return replace(seen, is_gone=True)
        left = TakersItem.taken.does_not_exist() | (TakersItem.taken < mission.takers)
        writes.update(TakersItem.key(mission.id), [TakersItem.taken.add(1)], condition=left)
    reference = rules.reference_of(mission.id, seen.period)
    source = rules.source_of(mission.id)
    rewards.promise(writes, mission.reward, seen.member_id, reference, now, source=source)
    owed.append((seen.member_id, reference))
    return replace(seen, taken_ms=to_ms(now), owner=seen.member_id)


def _make_worth(
    writes: WriteSet, mission: Mission, seen: Progress, is_reached: bool, now: datetime, owed: Owed
) -> None:
    owner = seen.owner or seen.member_id
    reference = rules.reference_of(mission.id, seen.period)
    promised = reward_queries.find_promise(owner, reference)
    assert promised is not None, "what was taken was promised"
    amount = promised.reward.worth if is_reached else 0
    if promised.amount != amount:
        rewards.make_worth(writes, promised, amount, now)
        owed.append((owner, reference))


def put_progress(writes: WriteSet, seen: Progress, after: Progress) -> None:
    condition = unmoved(MissionProgressItem.version, seen.version or None)
    made = replace(after, version=seen.version + 1)
    writes.put(MissionProgressItem.of(made), condition=condition)
