"""The standing of a member into whom another one was merged."""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib.tiers.rules.standing import Moment, Standing, Why, changed


def joined(seen: Standing, other: Standing, at: Moment) -> tuple[Standing, Why | None]:
    """The standing with what another one had earned or was given, where that is higher: nobody
    loses a tier by being one person. The same a second time.

    What both did was counted before.
    """
    after, rank = seen, at.ladder.rank
    if rank(other.earned) > rank(after.earned):
        after = replace(
            after,
            earned=other.earned,
            until_ms=other.until_ms,
            counted_from=other.counted_from,
        )
    if rank(other.held) > rank(after.held):
        after = replace(after, held=other.held, held_until_ms=other.held_until_ms)
    granted = after.grant
    if other.grant and (granted is None or rank(other.grant.tier) > rank(granted.tier)):
        after = replace(after, grant=other.grant)
    # A birthday gift of either is the year's.
    after = replace(after, gifted_year=max(after.gifted_year, other.gifted_year))
    return changed(after, "activity", at)
