"""A settlement built again: the same books must give the same bytes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec

RUNNING, DONE, FAILED = "running", "done", "failed"
# Longer than the queue retries a message before it becomes a dead letter.
STALLED_AFTER_MS = 6 * 3600 * 1000


class Compared(NamedTuple):
    """The result of a rebuild.

    `differs` names the files that came out with other bytes than the published ones, or are
    missing. `kept` names the files of an earlier layout: they were compared with the manifest
    where they lie, and left.
    """

    differs: tuple[str, ...]
    kept: tuple[str, ...] = ()


class Rebuild(msgspec.Struct, frozen=True):
    """A requested rebuild: `lines` of `of` are written.

    `differs` names the files with other bytes than the published ones, None until it is done;
    `kept` names those that were compared where they lie.
    """

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
        """The state at a time; a rebuild without progress for STALLED_AFTER_MS has failed."""
        if self.differs is not None:
            return DONE
        moved_at_ms = max(self.asked_at_ms, self.moved_at_ms)
        return FAILED if now_ms - moved_at_ms > STALLED_AFTER_MS else RUNNING
