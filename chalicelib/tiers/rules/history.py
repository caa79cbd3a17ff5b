"""The history of a member's tier: one step for each change of it."""

from __future__ import annotations

import msgspec

from chalicelib.tiers.rules.standing import Moment, Standing, Why, until_ms


class Step(msgspec.Struct, frozen=True):
    """A change of a member's tier at a moment, kept `until_ms`; `number` is the standing's version.

    `rose` tells whether it is the higher one of a ladder that has both, `title` its name then, by
    language. `by` is who of
    the staff did it, and `reason` theirs, sealed to the member.
    """

    member_id: str
    number: int
    before: str
    after: str
    why: Why
    at_ms: int
    rose: bool = False
    title: dict[str, str] = {}
    until_ms: int | None = None
    by: str | None = None
    reason: bytes | None = None


def step_of(before: Standing, after: Standing, why: Why, at: Moment) -> Step:
    return Step(
        after.member_id,
        after.version,
        before.tier,
        after.tier,
        why,
        at.now_ms,
        at.ladder.rises(before.tier, after.tier),
        at.ladder.level(after.tier).title.by_language,
        until_ms(after),
    )
