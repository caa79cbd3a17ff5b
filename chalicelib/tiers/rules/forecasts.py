"""What a ladder would do to the members of now, before it is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.tiers.rules.ladder import Ladder
from chalicelib.tiers.rules.standing import Moment, Standing, at_end, rejudged

Status = Literal["running", "done", "failed"]
# Longer than the retries of a message before it is a dead letter.
STALLED_AFTER_MS = 2 * 3600 * 1000
# A move by the keys of its tiers, which have no such character.
_TO = ">"


class Forecast(Struct, frozen=True, kw_only=True):
    """How a `ladder` would judge the standings: those up to the key `cursor` are looked at.

    `moves` counts members by their tier before and at once after, `gold>silver`; `later` those who
    would keep a tier for its time and then fall, by that tier. `round` counts the saves, so only
    one of two deliveries of a message is saved.
    """

    id: str
    ladder: Ladder
    made_by: str
    content: bytes
    created_at_ms: int
    moved_at_ms: int
    round: int = 0
    cursor: str | None = None
    is_done: bool = False
    moves: dict[str, int] = {}
    later: dict[str, int] = {}
    unreadable: int = 0

    @property
    def members(self) -> int:
        return sum(self.moves.values())

    def status(self, now_ms: int) -> Status:
        """Without progress for STALLED_AFTER_MS it has failed."""
        if self.is_done:
            return "done"
        return "failed" if now_ms - self.moved_at_ms > STALLED_AFTER_MS else "running"

    def with_slice(self, tally: Tally, cursor: str | None) -> Forecast:
        """The same after a slice; without a `cursor` it was the last one."""
        return replace(
            self,
            cursor=cursor or self.cursor,
            is_done=cursor is None,
            moves=_sum(self.moves, tally.moves),
            later=_sum(self.later, tally.later),
            unreadable=self.unreadable + tally.unreadable,
        )


class Tally(Struct):
    """What a slice of standings counts."""

    moves: dict[str, int] = {}
    later: dict[str, int] = {}
    unreadable: int = 0

    def add(self, seen: Standing, at: Moment) -> None:
        """Count a member: the tier that they have, that they would have, and that they may lose."""
        if seen.merged_into is not None:
            return
        after, _ = rejudged(seen, at)
        self.moves = _sum(self.moves, {f"{seen.tier}{_TO}{after.tier}": 1})
        if at.ladder.rank(at_end(after, at)) < at.ladder.rank(after.tier):
            self.later = _sum(self.later, {after.tier: 1})


class Row(Struct):
    """The members of a tier: those of now, and whether they rise, fall or stay; those of then, and
    how many of these fall once their time is over, if they do no more."""

    tier: str
    members: int = 0
    rise: int = 0
    fall: int = 0
    stay: int = 0
    then: int = 0
    fall_later: int = 0


def rows_of(forecast: Forecast) -> list[Row]:
    """A row for each level of the ladder, the lowest first, and for each tier that is gone."""
    rows = {level.key: Row(level.key) for level in forecast.ladder.levels}
    for move, number in forecast.moves.items():
        before, _, after = move.partition(_TO)
        row = rows.setdefault(before, Row(before))
        row.members += number
        if before == after:
            row.stay += number
        elif forecast.ladder.rises(before, after):
            row.rise += number
        else:
            row.fall += number
        rows[after].then += number
    for tier, number in forecast.later.items():
        rows[tier].fall_later += number
    return list(rows.values())


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}
