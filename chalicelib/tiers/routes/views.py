"""Views of tiers."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.shapes import shaped
from chalicelib.tiers.rules import standing as rules
from chalicelib.tiers.rules import words
from chalicelib.tiers.rules.history import Step
from chalicelib.tiers.rules.judging import Judging, Status
from chalicelib.tiers.rules.ladder import (
    Benefits,
    Downgrade,
    Ladder,
    Level,
    Metric,
    Window,
)
from chalicelib.tiers.rules.months import spelled
from chalicelib.tiers.rules.standing import Moment, Standing, Why


class TierView(msgspec.Struct):
    """A level of the ladder in the caller's language: how it is reached, and what it gives."""

    key: str
    title: str
    reached_by: str
    thresholds: dict[Metric, int]
    benefits: Benefits
    benefits_in_words: list[str]


class TiersView(msgspec.Struct):
    """The ladder, the lowest level first. One threshold of a level is enough; `spend` is in minor
    units of the program's currency."""

    data: list[TierView]
    version: int


class TierProgressView(msgspec.Struct):
    """`needed` more of a metric lead to the next tier."""

    metric: Metric
    value: int
    next_tier: str
    needed: int


class StandingView(msgspec.Struct):
    """A member's tier `since` a time, judged again at `until`; by any one metric of `progress` the
    next tier is reached, and at the top there is none.
    """

    tier: str
    since: str | None
    until: str | None
    benefits: Benefits
    progress: list[TierProgressView]


class JudgingView(msgspec.Struct):
    """How many members were judged by this ladder so far, and whose tier rose or fell."""

    status: Status
    judged: int
    risen: int
    fallen: int


class LadderView(msgspec.Struct):
    """The ladder as the staff writes it. Version 0 stands until one is written.

    `judging`: all members are judged by a new ladder within minutes; null for that of version 0.
    """

    levels: list[Level]
    window: Window
    months: int
    downgrade: Downgrade
    grace_days: int
    refund_undoes_upgrade: bool
    version: int
    judging: JudgingView | None


class TierGrantView(msgspec.Struct):
    """A tier that the staff gave until a moment."""

    tier: str
    until: str


class TierMonthView(msgspec.Struct):
    """What a member did in a month of the program; `spend` is in minor units."""

    month: str
    spend: int
    orders: int
    points: int
    growth: int


class TierStepView(msgspec.Struct):
    """A change of a member's tier; `by` is who of the staff did it."""

    before: str
    after: str
    why: Why
    at: str
    until: str | None
    by: str | None
    reason: str | None


class StaffStandingView(StandingView):
    """A member's standing for the staff; `earned` is the tier without a grant."""

    member_id: str
    earned: str
    granted: TierGrantView | None
    months: list[TierMonthView]
    history: list[TierStepView]


def ladder_view(ladder: Ladder, judging: Judging | None) -> LadderView:
    return shaped(LadderView, ladder, judging=_judging_view(judging) if judging else None)


def _judging_view(judging: Judging) -> JudgingView:
    return shaped(JudgingView, judging, status=judging.status)


def tiers_view(ladder: Ladder, language: str) -> TiersView:
    return TiersView([_tier_view(each, ladder, language) for each in ladder.levels], ladder.version)


def _tier_view(level: Level, ladder: Ladder, language: str) -> TierView:
    return shaped(
        TierView,
        level,
        title=level.title.in_language(language),
        reached_by=words.thresholds_of(level, ladder, config().currency, language),
        benefits_in_words=words.benefits_in(level.benefits, language),
    )


def standing_view(standing: Standing, at: Moment) -> StandingView:
    return StandingView(**_told(standing, at))


def staff_standing_view(
    standing: Standing, at: Moment, history: list[tuple[Step, str | None]]
) -> StaffStandingView:
    grant = standing.grant
    return StaffStandingView(
        **_told(standing, at),
        member_id=standing.member_id,
        earned=standing.earned,
        granted=TierGrantView(grant.tier, rfc3339_ms(grant.until_ms)) if grant else None,
        months=[
            TierMonthView(spelled(month), *standing.months[month])
            for month in sorted(standing.months, reverse=True)
        ],
        history=[_step_view(step, reason) for step, reason in history],
    )


def _step_view(step: Step, reason: str | None) -> TierStepView:
    until = None if step.until_ms is None else rfc3339_ms(step.until_ms)
    return shaped(TierStepView, step, until=until, reason=reason)


def _told(standing: Standing, at: Moment) -> dict[str, Any]:
    until_ms = rules.until_ms(standing)
    return {
        "tier": standing.tier,
        "since": None if standing.since_ms is None else rfc3339_ms(standing.since_ms),
        "until": None if until_ms is None else rfc3339_ms(until_ms),
        "benefits": at.ladder.level(standing.tier).benefits,
        "progress": [TierProgressView(*each) for each in rules.progress(standing, at)],
    }


BENEFITS_EXAMPLE: dict[str, Any] = {
    "multiplier_percent": 150,
    "free_freight": True,
    "birthday_points": 500,
    "early_access_hours": 24,
    "categories": [],
    "ticket_priority": 5,
}
PLAIN_EXAMPLE: dict[str, Any] = {
    "multiplier_percent": 100,
    "free_freight": False,
    "birthday_points": 0,
    "early_access_hours": 0,
    "categories": [],
    "ticket_priority": 0,
}
LADDER_REQUEST: dict[str, Any] = {
    "levels": [
        {"key": "normal", "title": {"zh-CN": "普通会员", "en": "Normal"}},
        {"key": "gold", "title": {"zh-CN": "金卡会员", "en": "Gold"},
         "thresholds": {"spend": 500000}, "benefits": BENEFITS_EXAMPLE},
    ],
    "window": "rolling", "months": 12, "downgrade": "one_step", "grace_days": 7,
    "refund_undoes_upgrade": True,
}  # fmt: skip
LADDER_EXAMPLE: dict[str, Any] = {
    **LADDER_REQUEST,
    "levels": [
        {**LADDER_REQUEST["levels"][0], "thresholds": {}, "benefits": PLAIN_EXAMPLE},
        LADDER_REQUEST["levels"][1],
    ],
    "version": 1,
    "judging": {"status": "done", "judged": 5210, "risen": 31, "fallen": 0},
}
STANDING_EXAMPLE: dict[str, Any] = {
    "tier": "gold", "since": "2026-11-21T08:00:00Z", "until": "2027-11-30T16:00:00Z",
    "benefits": BENEFITS_EXAMPLE,
    "progress": [
        {"metric": "spend", "value": 620000, "next_tier": "diamond", "needed": 1380000},
    ],
}  # fmt: skip
STAFF_STANDING_EXAMPLE: dict[str, Any] = {
    **STANDING_EXAMPLE,
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe", "earned": "silver",
    "granted": {"tier": "gold", "until": "2027-11-30T16:00:00Z"},
    "months": [{"month": "2026-11", "spend": 620000, "orders": 3, "points": 6200, "growth": 0}],
    "history": [
        {"before": "silver", "after": "gold", "why": "grant", "at": "2026-11-21T08:00:00Z",
         "until": "2027-11-30T16:00:00Z", "by": "mbr_5c3bqbzkmvnl2hwmbkqk5pnjhm",
         "reason": "老客户关怀"},
    ],
}  # fmt: skip
