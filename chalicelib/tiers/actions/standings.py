"""Writes of standings: what a member did is counted once, and a changed tier is told at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from chalicelib import members
from chalicelib.kernel.errors import Moved, Unauthenticated
from chalicelib.kernel.store.writes import (
    WriteSet,
    put_or_find,
    unmoved,
    was_written,
    with_fresh_reads,
)
from chalicelib.tiers import queries
from chalicelib.tiers.rules import standing as rules
from chalicelib.tiers.rules.history import Step, step_of
from chalicelib.tiers.rules.standing import Moment, Standing, Sums, Why
from chalicelib.tiers.tables import ActivityItem, StandingItem, StepItem, due_s

Change = Callable[[Standing, Moment], tuple[Standing, Why | None]]


def record_activity(member_id: str, month: int, reference: str, sums: Sums, now: datetime) -> None:
    """Count something that a member did, once by its reference.

    Two write units: the activity's row, and the standing by all rows of the month. A crash between
    them is made good by the next try, or by the next activity of the month.
    """
    put_or_find(ActivityItem.of(member_id, month, reference, sums), ActivityItem)

    def counted(seen: Standing, at: Moment) -> tuple[Standing, Why | None]:
        # The standing is read before the rows: whoever wrote it had read no more of them.
        if seen.merged_into is not None:
            return seen, None
        return rules.count(seen, month, queries.sums_of(member_id, month), at)

    after = change_standing(member_id, counted, now)
    if after.merged_into is not None:
        record_activity(after.merged_into, month, reference, sums, now)


def change_standing(member_id: str, change: Change, now: datetime) -> Standing:
    """Write what `change` makes of a member's standing: alone while their tier stays.

    One that stays as it is is written only if a new ladder lets it be due at another time.
    """

    def write() -> Standing:
        item, at = queries.find_standing_item(member_id), queries.moment(now)
        seen = item.value() if item else Standing(member_id=member_id)
        after, why = change(seen, at)
        if after == seen and (item is None or is_due_as(item, after, at)):
            return seen
        after = replace(after, version=seen.version + 1)
        if why is None:
            _put_alone(seen, after, at)
            return after
        writes = WriteSet()
        put_changed(writes, seen, after, at, step_of(seen, after, why, at))
        try:
            writes.commit()
        except Unauthenticated:
            # The member is gone: there is nobody whose tier could change.
            return seen
        return after

    return with_fresh_reads(write)


def put_changed(
    writes: WriteSet, seen: Standing, after: Standing, at: Moment, step: Step | None
) -> None:
    """Add a standing to a transaction, with the step of its history if the tier changed.

    The commit raises Moved if the standing has changed, Unauthenticated if the member is gone.
    """
    item = StandingItem.of(after, rules.due_at_ms(after, at))
    writes.put(item, condition=unmoved(StandingItem.version, seen.version), or_raise=Moved)
    if step is not None:
        writes.put_new(StepItem.of(step), or_raise=Moved)
        members.set_tier(writes, after.member_id, after.tier)


def is_due_as(item: StandingItem, standing: Standing, at: Moment) -> bool:
    """Whether an item is due when a standing is by the ladder of now."""
    due_at_ms = rules.due_at_ms(standing, at)
    return bool(item.due_at == (None if due_at_ms is None else due_s(due_at_ms)))


def _put_alone(seen: Standing, after: Standing, at: Moment) -> None:
    """Raises Moved."""
    item = StandingItem.of(after, rules.due_at_ms(after, at))
    if not was_written(lambda: item.save(condition=unmoved(StandingItem.version, seen.version))):
        raise Moved()
