"""A member is merged into another one: what both did counts for one standing."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.tiers import queries
from chalicelib.tiers.actions.standings import change_standing, record_activity
from chalicelib.tiers.rules.merging import joined


def join_of(member_id: str, into: str, now: datetime) -> None:
    """Count for another member what this one did, and what they will be told to have done. Safe to
    repeat."""
    other = change_standing(member_id, lambda seen, _: (replace(seen, merged_into=into), None), now)
    # An activity that was written before the mark is among these rows.
    for month in sorted(other.months):
        for reference, sums in queries.activities_of_month(member_id, month):
            record_activity(into, month, reference, sums, now)
    change_standing(into, lambda seen, at: joined(seen, other, at), now)
