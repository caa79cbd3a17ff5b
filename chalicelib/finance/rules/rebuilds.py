"""A settlement built again: the same books must give the same bytes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec

RUNNING, DONE, FAILED = "running", "done", "failed"
# Longer than a message is tried again before it is a dead letter.
STALLED_AFTER_MS = 6 * 3600 * 1000


class Compared(NamedTuple):
    """`differs` names the files that came out with other bytes than were published, or do not lie
    where they were. `kept` are those that this code does not lay out any more: what lies
    there was held against the manifest, and left."""

    differs: tuple[str, ...]
    kept: tuple[str, ...] = ()


class Rebuild(msgspec.Struct, frozen=True):
    """A rebuild that was asked for: `lines` of `of` are written. `differs` names the files whose
    bytes were not those that were published, `kept` those that were compared where they lie;
    None until it is done."""

    id: str
    day: date
    currency: str
    asked_at_ms: int
    of: int
    lines: int = 0
    moved_at_ms: int = 0
    differs: tuple[str, ...] | None = None
    kept: tuple[str, ...] = ()

    def status(self, now_ms: int) -> str:
        """`failed` is one that has not moved for so long that nobody works on it any more."""
        if self.differs is not None:
            return DONE
        moved_at_ms = max(self.asked_at_ms, self.moved_at_ms)
        return FAILED if now_ms - moved_at_ms > STALLED_AFTER_MS else RUNNING
