"""Long work in parts: a job is done when all its parts are, each of which goes on in rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.ledger.rules.verification import Tally

VERIFY = "verify"
RUNNING, DONE, FAILED = "running", "done", "failed"
# Longer than a message is tried again before it is a dead letter.
STALLED_AFTER_MS = 2 * 3600 * 1000

# Each part of a verification walks its share of the table's segments, one after the other.
PARTS = 8
SEGMENTS_A_PART = 8
SEGMENTS = PARTS * SEGMENTS_A_PART


@dataclass(frozen=True)
class Part:
    """A part of a job: `walked` segments are behind it, `cursor` is where in the next it goes on.

    `round` counts the times that it was saved, so that of two deliveries of one message, one is
    saved.
    """

    job_id: str
    number: int
    round: int
    walked: int
    cursor: dict[str, Any] | None
    tally: Tally
    saved_at_ms: int

    @property
    def is_done(self) -> bool:
        return self.walked == SEGMENTS_A_PART

    @property
    def segment(self) -> int:
        """The segment of the table that it is in."""
        return self.number + PARTS * self.walked


@dataclass(frozen=True)
class Job:
    """Work that was asked for; `result` is what it came to, None until all of it is done."""

    id: str
    type: str
    created_at_ms: int
    result: Tally | None = None


def walked(parts: Sequence[Part]) -> int:
    """How many of the SEGMENTS are behind the job."""
    return sum(part.walked for part in parts)


def status_of(job: Job, parts: Sequence[Part], now_ms: int) -> str:
    """`failed` is a job that has not moved for so long that nobody works on it any more."""
    if job.result is not None:
        return DONE
    moved_at_ms = max((part.saved_at_ms for part in parts), default=job.created_at_ms)
    return FAILED if now_ms - moved_at_ms > STALLED_AFTER_MS else RUNNING
