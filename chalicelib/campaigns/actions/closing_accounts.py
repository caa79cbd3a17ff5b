"""What missions, boards and triggers know of a member, when the account is closed or merged.

Rewards keep ids and amounts, as the ledger does: what comes to somebody erased is not paid.
"""

from __future__ import annotations

from chalicelib.campaigns.actions.boards import show_me
from chalicelib.campaigns.queries import missions as queries
from chalicelib.campaigns.rules.progress import Progress, joined
from chalicelib.campaigns.tables.boards import ShownItem
from chalicelib.campaigns.tables.missions import PROGRESS, MissionProgressItem
from chalicelib.campaigns.tables.triggers import WATCH, WatchItem
from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import WriteSet, delete_each, unmoved, with_fresh_reads


def forget_goals(member_id: str) -> None:
    """Delete a member's progress and watches, and take them off the boards. Safe to repeat."""
    show_me(member_id, False, clock.now())
    delete_each([ShownItem.key(member_id)])
    delete_each(WatchItem.query(WATCH + member_id, consistent_read=True))
    delete_each(MissionProgressItem.query(PROGRESS + member_id, consistent_read=True))


def join_goals(member_id: str, into: str) -> None:
    """Add a member's progress to that of another one, and take them off the boards: the other one
    decides. Rewards stay under the old id. Safe to repeat."""
    show_me(member_id, False, clock.now())
    delete_each([ShownItem.key(member_id)])
    delete_each(WatchItem.query(WATCH + member_id, consistent_read=True))
    for each in list(queries.all_progress(member_id)):
        _join(each, into)


def _join(old: Progress, into: str) -> None:
    item = queries.find_item(old.mission_id)
    if item is None:
        return
    goal = item.value().goal

    def write() -> None:
        found = queries.find_progress(old.member_id, old.mission_id, old.period)
        if found is None:
            return
        seen = queries.find_progress(into, old.mission_id, old.period)
        writes = WriteSet()
        after = joined(goal, found, seen, into)
        same = unmoved(MissionProgressItem.version, seen.version if seen else None)
        writes.put(MissionProgressItem.of(after), condition=same)
        key = MissionProgressItem.key(old.member_id, old.mission_id, old.period)
        gone = MissionProgressItem(*key)
        writes.delete(gone, condition=MissionProgressItem.version == found.version)
        writes.commit()

    with_fresh_reads(write)
