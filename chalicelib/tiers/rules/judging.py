"""The judging of all standings by a new ladder, in slices."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Status = Literal["waiting", "running", "done"]


class Judging(Struct, frozen=True, kw_only=True):
    """How far the standings are judged by the ladder `version`: those up to the key `cursor` are.

    It begins at `starts_at` (epoch seconds), when no process goes by the ladder before. A slice
    that a crash cut short is judged again; who rose or fell in it before is not counted.
    """

    version: int
    starts_at: int
    cursor: str | None = None
    is_done: bool = False
    judged: int = 0
    risen: int = 0
    fallen: int = 0

    @property
    def status(self) -> Status:
        if self.is_done:
            return "done"
        return "running" if self.cursor else "waiting"

    def after(self, slice_: Slice, cursor: str | None) -> Judging:
        """The same after a slice; without a `cursor` it was the last one."""
        return replace(
            self,
            cursor=cursor or self.cursor,
            is_done=cursor is None,
            judged=self.judged + slice_.judged,
            risen=self.risen + slice_.risen,
            fallen=self.fallen + slice_.fallen,
        )


class Slice(Struct):
    """How many standings of a slice were judged, and how many tiers changed."""

    judged: int = 0
    risen: int = 0
    fallen: int = 0
