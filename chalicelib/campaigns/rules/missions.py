"""Missions: goals that members reach by what they do, as ops define them in data."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from chalicelib.campaigns.rules.definitions import EVERYBODY, Audience
from chalicelib.campaigns.rules.periods import Period, period_of
from chalicelib.campaigns.rules.rewards import Reward, check_reward
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import paragraphs
from chalicelib.kernel.texts import SLUG, SkuCode
from chalicelib.kernel.texts import kind as text_of
from chalicelib.kernel.years import year_errors

Metric = Literal[
    "orders",
    "spend",
    "points_spent",
    "categories",
    "order_months",
    "check_ins",
    "check_in_streak",
    "reviews",
]
Status = Literal["draft", "live", "ended"]
Calendar = Literal["month", "quarter", "fixed"]
DRAFT: Status = "draft"
LIVE: Status = "live"
ENDED: Status = "ended"
# By these a purchase counts; the others count days and reviews.
OF_PURCHASES = frozenset({"orders", "spend", "points_spent", "categories", "order_months"})
# These count the longest run without a gap.
RUNS = frozenset({"order_months", "check_in_streak"})
# So many are counted at a time: each changed progress is a write of one transaction.
MOST_LIVE = 20
# Whoever counts a purchase has read the mission by then, so what it counts never depends on when
# somebody looked. The same holds for its end.
SETTLES_MS = 10_000
DAY_MS = 86_400_000
# How long after its period a reward may be claimed, and refunds are still heard of.
CLAIM_DAYS, HEARD_DAYS = 30, 200
FIXED: Literal["fixed"] = "fixed"

Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Least = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Name = Annotated[str, text_of(64, form=SLUG)]
Names = Annotated[tuple[Name, ...], Meta(max_length=50)]


class MissionTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name: at most 40 characters in Chinese and 80 in English."""

    zh: Annotated[str, text_of(40)] = msgspec.field(name="zh-CN")
    en: Annotated[str, text_of(80)]

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class MissionText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do: at most 300 characters in each language."""

    zh: Annotated[str, text_of(300, paragraphs, None, 0)] = msgspec.field(default="", name="zh-CN")
    en: Annotated[str, text_of(300, paragraphs, None, 0)] = ""

    def in_language(self, language: str) -> str:
        first, second = (self.en, self.zh) if language == "en" else (self.zh, self.en)
        return first or second


class MissionScope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The goods that count; an empty list is no limit."""

    categories: Names = ()
    brands: Names = ()
    skus: Annotated[tuple[SkuCode, ...], Meta(max_length=50)] = ()


class Goal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`count` of a metric: orders, minor units of cash, points, categories, days or months in a
    row, reviews. An order counts if at least `least_points` points or `least_cash` minor units of
    the goods in scope were paid, whichever is asked."""

    metric: Metric
    count: Count
    scope: MissionScope = MissionScope()
    least_points: Least = 0
    least_cash: Least = 0


class Mission(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A mission. It counts what is done from `counts_from_ms` on, before `until_ms`, in each period
    anew. `takers` is how many rewards there are, over all periods; None is without limit."""

    id: str
    version: int
    status: Status
    title: MissionTitle
    goal: Goal
    reward: Reward
    text: MissionText = MissionText()
    period: Calendar = "fixed"
    from_ms: int | None = None
    until_ms: int | None = None
    audience: Audience = EVERYBODY
    is_claimed: bool = False
    takers: int | None = None
    published_ms: int | None = None
    created_ms: int = 0

    @property
    def counts_from_ms(self) -> int | None:
        """The first instant that counts; None for a draft."""
        if self.published_ms is None:
            return None
        return max(self.published_ms + SETTLES_MS, self.from_ms or 0)

    def counts(self, at_ms: int) -> bool:
        """Whether something that was done at an instant counts."""
        begins = self.counts_from_ms
        return begins is not None and begins <= at_ms and not self._is_past(at_ms)

    def is_open(self, now_ms: int) -> bool:
        """Whether members are shown it: from its publishing on."""
        begun = self.from_ms is None or self.from_ms <= now_ms
        return self.status != DRAFT and begun and not self._is_past(now_ms)

    def is_heard(self, now_ms: int) -> bool:
        """Whether refunds may still change what it counted."""
        return self.until_ms is None or now_ms < self.until_ms + HEARD_DAYS * DAY_MS

    def _is_past(self, at_ms: int) -> bool:
        return self.until_ms is not None and self.until_ms <= at_ms

    def period_at(self, at: datetime, zone: tzinfo) -> Period:
        """The period in which an instant counts."""
        if self.period == FIXED:
            return Period(FIXED, self.from_ms or 0, self.until_ms or 2**53)
        return period_of(self.period, at, zone)


_REQUIRED = Words("必填", "is required")
_NO_GOODS = Words("该类目标与商品无关", "has nothing to do with goods")


def check_mission(mission: Mission) -> None:
    """Raises Invalid naming what contradicts, or is missing."""
    check_reward(mission.reward)
    goal = mission.goal
    wrong = [*year_errors({"valid.from": mission.from_ms, "valid.until": mission.until_ms})]
    if goal.metric not in OF_PURCHASES:
        limited = {
            "goal.scope": goal.scope != MissionScope(),
            "goal.least_points": goal.least_points,
            "goal.least_cash": goal.least_cash,
        }
        wrong += [
            FieldError(name, "not_of_kind", _NO_GOODS) for name, is_so in limited.items() if is_so
        ]
    if mission.from_ms and mission.until_ms and mission.from_ms >= mission.until_ms:
        words = Words("须晚于开始时间", "must be after it begins")
        wrong.append(FieldError("valid.until", "too_early", words))
    if mission.period == FIXED and mission.until_ms is None:
        wrong.append(FieldError("valid.until", "required", _REQUIRED))
    most = _most_of(mission)
    if most is not None and goal.count > most:
        words = Words(f"一个周期内最多可达 {most}", f"no period has more than {most}")
        wrong.append(FieldError("goal.count", "too_large", words))
    if wrong:
        raise Invalid(*wrong)


def _most_of(mission: Mission) -> int | None:
    """The most that a period lets anybody reach, of what takes days or months."""
    if mission.goal.metric not in ("order_months", "check_ins", "check_in_streak"):
        return None
    days = {"month": 31, "quarter": 92}.get(mission.period)
    if days is None:
        if mission.from_ms is None or mission.until_ms is None:
            return 366
        days = -(-(mission.until_ms - mission.from_ms) // DAY_MS) + 1
    months = {"month": 1, "quarter": 3}.get(mission.period, days // 28 + 2)
    return months if mission.goal.metric == "order_months" else days


# What a live mission counts stays as it is: its progress would be of another one.
FIXED_ONCE_LIVE = ("goal", "period", "from_ms", "audience", "reward", "is_claimed")
_LIVE = Words("发布后不能修改，请另建任务", "cannot change once it is live: define another mission")


_PAST = Words("已到期，不能再改结束时间", "has come: define another mission")
_TOO_SOON = Words("须晚于当前时间，或直接结束任务", "must lie ahead, or end the mission")


def changed(seen: Mission, changes: dict[str, Any], now_ms: int) -> Mission:
    """The next version. The end of a live mission moves while it lies ahead, to what lies ahead:
    each purchase so far counts under both.

    Raises Invalid naming what contradicts, or cannot change any more.
    """
    after: Mission = replace(seen, **changes, version=seen.version + 1)
    check_mission(after)
    names = {"from_ms": "valid.from", "is_claimed": "claimed"}
    if seen.status != DRAFT:
        fixed = [name for name in FIXED_ONCE_LIVE if getattr(seen, name) != getattr(after, name)]
        if fixed:
            raise Invalid(*(FieldError(names.get(each, each), "fixed", _LIVE) for each in fixed))
        if seen.until_ms != after.until_ms:
            _check_ends_ahead(seen.until_ms, now_ms, "fixed", _PAST)
            _check_ends_ahead(after.until_ms, now_ms, "too_early", _TOO_SOON)
    return after


def _check_ends_ahead(until_ms: int | None, now_ms: int, code: str, words: Words) -> None:
    if until_ms is not None and until_ms < now_ms + SETTLES_MS:
        raise Invalid(FieldError("valid.until", code, words))


def published(seen: Mission, now_ms: int) -> Mission:
    return replace(seen, status=LIVE, published_ms=now_ms, version=seen.version + 1)


def ended(seen: Mission, now_ms: int) -> Mission:
    """It counts nothing from a moment later on; what was reached is kept."""
    until_ms = now_ms + SETTLES_MS
    if seen.until_ms is not None:
        until_ms = min(until_ms, seen.until_ms)
    return replace(seen, status=ENDED, until_ms=until_ms, version=seen.version + 1)
