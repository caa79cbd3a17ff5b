"""Long work in parts: each part runs in rounds, and a job is done when all its parts are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.ledger.rules.verification import Tally

VERIFY = "verify"
RUNNING, DONE, FAILED = "running", "done", "failed"
# Longer than the retries of a message before it is a dead letter.
STALLED_AFTER_MS = 2 * 3600 * 1000

# Each part of a verification walks its share of the table's segments in order.
PARTS = 8
SEGMENTS_A_PART = 8
SEGMENTS = PARTS * SEGMENTS_A_PART


class Part(msgspec.Struct, frozen=True):
    """A part of a job: `walked` segments are done, `cursor` is the place in the next one.

    `round` counts its saves, so only one of two deliveries of a message is saved.
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
        """The segment of the table that it walks now."""
        return self.number + PARTS * self.walked


class Job(msgspec.Struct, frozen=True):
    """A long task; `result` is None until all its parts are done."""

    id: str
    type: str
    created_at_ms: int
    result: Tally | None = None


def walked(parts: Sequence[Part]) -> int:
    """The number of SEGMENTS that the job has walked."""
    return sum(part.walked for part in parts)


def status_of(job: Job, parts: Sequence[Part], now_ms: int) -> str:
    """`running`, `done` or `failed`; a job without progress for STALLED_AFTER_MS has failed."""
    if job.result is not None:
        return DONE
    moved_at_ms = max((part.saved_at_ms for part in parts), default=job.created_at_ms)
    return FAILED if now_ms - moved_at_ms > STALLED_AFTER_MS else RUNNING
