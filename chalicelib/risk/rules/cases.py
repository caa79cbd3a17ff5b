"""Cases: the standing verdict on a member, and what the staff has decided."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.kernel.errors import NotAllowedInThisState, Words
from chalicelib.risk.rules.evidence import Evidence, beyond, still_known
from chalicelib.risk.rules.scores import (
    FREEZE,
    LEVELS,
    NONE,
    REVIEW,
    Published,
    Reason,
    Verdict,
    judge,
)

OPEN, CLEARED, CONFIRMED, CLOSED = "open", "cleared", "confirmed", "closed"
STATES = {
    OPEN: Words("待处理", "Open"),
    CLEARED: Words("误判已解除", "Cleared"),
    CONFIRMED: Words("已确认违规", "Confirmed"),
    CLOSED: Words("已自动解除", "Closed"),
}


class Case(msgspec.Struct, frozen=True):
    """The verdict on a member: `level` is in force, `state` tells who has looked at it.

    `known` is the evidence that the staff has judged harmless: only what is beyond it counts.
    `rules_version` names the rules that gave the score.
    """

    member_id: str
    state: str
    level: str
    score: int
    reasons: tuple[Reason, ...]
    opened_at_ms: int
    changed_at_ms: int
    version: int = 1
    known: Evidence = Evidence()
    rules_version: int = 0


def assessed(
    seen: Case | None, member_id: str, evidence: Evidence, published: Published, now_ms: int
) -> Case | None:
    """The case after an assessment; None if nothing changes."""
    if seen is None:
        return judged(None, member_id, judge(evidence, published), now_ms)
    before = replace(seen, known=still_known(seen.known, evidence))
    after = judged(before, member_id, judge(beyond(evidence, before.known), published), now_ms)
    if after is None and before != seen:
        return replace(before, version=seen.version + 1)
    return after


def judged(seen: Case | None, member_id: str, verdict: Verdict, now_ms: int) -> Case | None:
    """The case after a verdict; None if nothing changes.

    A verdict makes a case worse at once. Milder ones end what only watches or waits; a review or a
    freeze is ended by the staff alone.
    """
    if seen is None or seen.state in (CLEARED, CLOSED):
        if verdict.level == NONE:
            return None
        before = seen or Case(member_id, OPEN, NONE, 0, (), now_ms, now_ms, version=0)
        return replace(
            before,
            state=OPEN,
            opened_at_ms=now_ms,
            changed_at_ms=now_ms,
            version=before.version + 1,
            **_said(verdict, verdict.level),
        )
    level = _level_after(seen, verdict)
    state = CLOSED if level == NONE else seen.state
    after = replace(seen, state=state, **_said(verdict, level))
    if after == seen:
        return None
    return replace(after, changed_at_ms=now_ms, version=seen.version + 1)


def _said(verdict: Verdict, level: str) -> dict[str, Any]:
    return {
        "level": level,
        "score": verdict.score,
        "reasons": verdict.reasons,
        "rules_version": verdict.rules_version,
    }


def _level_after(seen: Case, verdict: Verdict) -> str:
    worse = LEVELS.index(verdict.level) > LEVELS.index(seen.level)
    is_staffs = seen.state == CONFIRMED or seen.level in (REVIEW, FREEZE)
    return verdict.level if worse or not is_staffs else seen.level


def clear(seen: Case, evidence: Evidence, now_ms: int) -> Case:
    """A false alarm: the member is as before, and this evidence counts no more.

    Raises NotAllowedInThisState.
    """
    _check_open(seen, (OPEN, CONFIRMED))
    return replace(
        seen,
        state=CLEARED,
        level=NONE,
        known=evidence,
        changed_at_ms=now_ms,
        version=seen.version + 1,
    )


def confirm(seen: Case, now_ms: int) -> Case:
    """The staff has found abuse: the accounts are frozen.

    Raises NotAllowedInThisState.
    """
    _check_open(seen, (OPEN,))
    return replace(
        seen, state=CONFIRMED, level=FREEZE, changed_at_ms=now_ms, version=seen.version + 1
    )


def close(seen: Case, now_ms: int) -> Case:
    """The case of a member who is another one now: nothing of it is in force."""
    return replace(seen, state=CLOSED, level=NONE, changed_at_ms=now_ms, version=seen.version + 1)


def _check_open(seen: Case, allowed: tuple[str, ...]) -> None:
    if seen.state not in allowed:
        raise NotAllowedInThisState(status=seen.state).telling(state=STATES[seen.state])
