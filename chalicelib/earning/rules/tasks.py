"""Tasks: what members may do for points, as ops define it in data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from chalicelib.earning.rules.decisions import Terms
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import paragraphs, pasted
from chalicelib.kernel.texts import PAGE_LINK
from chalicelib.kernel.texts import kind as text_of
from chalicelib.ledger import ExpiryPolicy

Kind = Literal["register", "complete_profile", "check_in", "review", "share", "survey", "referral"]
Status = Literal["draft", "published", "retired"]
DRAFT: Status = "draft"
PUBLISHED: Status = "published"
RETIRED: Status = "retired"
REGISTER, PROFILE, CHECK_IN, REVIEW = "register", "complete_profile", "check_in", "review"
SHARE, SURVEY, REFERRAL = "share", "survey", "referral"
# Of these kinds one task is published at a time: publishing another retires it.
SINGLE = frozenset({REGISTER, PROFILE, CHECK_IN, REVIEW, REFERRAL})
# These are done once in a member's life.
ONCE = frozenset({REGISTER, PROFILE, SURVEY})
# Points of these come by themselves, without a claim.
BY_ITSELF = frozenset({CHECK_IN, REVIEW, REFERRAL})

MOST_POINTS = 100_000
# A make-up so touches the month of its day and the next one, and no more.
MOST_DAYS_BACK = 28

Points = Annotated[int, Meta(ge=0, le=MOST_POINTS)]
Count = Annotated[int, Meta(ge=1, le=10_000)]
Link = Annotated[str, text_of(300, pasted, PAGE_LINK)]
ProfileField = Literal["nickname", "avatar", "phone", "email"]


class TaskTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task's name: at most 40 characters in Chinese and 80 in English."""

    zh: Annotated[str, text_of(40)] = msgspec.field(name="zh-CN")
    en: Annotated[str, text_of(80)]

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class TaskText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to do a task: at most 300 characters in each language."""

    zh: Annotated[str, text_of(300, paragraphs, None, 0)] = msgspec.field(default="", name="zh-CN")
    en: Annotated[str, text_of(300, paragraphs, None, 0)] = ""

    def in_language(self, language: str) -> str:
        first, second = (self.en, self.zh) if language == "en" else (self.zh, self.en)
        return first or second


class TaskLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a member is paid: in all, in a day and in a month; null is no limit."""

    total: Count | None = None
    day: Count | None = None
    month: Count | None = None


class TaskExpiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When points lapse: after `days` or `months`, at the end of the month `months` on or of the
    year `years` on, or never."""

    kind: Literal["days", "months", "end_of_month", "end_of_year", "never"] = "end_of_month"
    days: Annotated[int, Meta(ge=0, le=3660)] | None = None
    months: Annotated[int, Meta(ge=0, le=120)] | None = None
    years: Annotated[int, Meta(ge=0, le=35)] | None = None

    @property
    def count(self) -> int:
        told = {"days": self.days, "end_of_year": self.years, "never": 0}
        return told.get(self.kind, self.months) or 0


class TaskLots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The points wait `pending_days` before they can be spent, and lapse as `expires` says."""

    pending_days: Annotated[int, Meta(ge=0, le=365)] = 0
    expires: TaskExpiry = TaskExpiry(months=12)

    @property
    def terms(self) -> Terms:
        return Terms(self.pending_days, self.expires.kind, self.expires.count)


class CheckInBonus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """More points for each so many days in a row."""

    days: Annotated[int, Meta(ge=2, le=366)]
    points: Annotated[int, Meta(ge=1, le=MOST_POINTS)]


class MakeUpTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A missed day may be made up: how far back, how many days of a month, for how many points."""

    days_back: Annotated[int, Meta(ge=1, le=MOST_DAYS_BACK)] = 7
    a_month: Annotated[int, Meta(ge=1, le=31)] = 1
    points: Points = 0


class CheckInTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What comes beside a check-in's points; without `make_up` no day can be made up."""

    bonuses: Annotated[tuple[CheckInBonus, ...], Meta(max_length=10)] = ()
    make_up: MakeUpTerms | None = None


class ReferralTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The friend gets `friend_points`. Their first order of at least `order_at_least` minor units,
    after its refunds, counts once `wait_days` have passed since it was paid."""

    friend_points: Points = 0
    order_at_least: Annotated[int, Meta(ge=1, le=10_000_000)] = 1
    wait_days: Annotated[int, Meta(ge=0, le=180)] = 15


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A task. `check_in`, `referral`, `fields` and `link` belong to the kinds that need them.

    `points` are for each time that it is done; of a referral, those of who invited.
    """

    id: str
    version: int
    kind: Kind
    status: Status
    title: TaskTitle
    text: TaskText
    points: int
    limits: TaskLimits = TaskLimits()
    valid_from_ms: int | None = None
    valid_until_ms: int | None = None
    lots: TaskLots = TaskLots()
    check_in: CheckInTerms | None = None
    referral: ReferralTerms | None = None
    fields: tuple[ProfileField, ...] = ()
    link: str | None = None
    created_at_ms: int = 0
    published_at_ms: int | None = None

    def is_open(self, now_ms: int) -> bool:
        """Whether members may do it at this instant."""
        begun = self.valid_from_ms is None or self.valid_from_ms <= now_ms
        over = self.valid_until_ms is not None and self.valid_until_ms <= now_ms
        return self.status == PUBLISHED and begun and not over


# Nobody earns by it without asking, so it is there from the first day. Ops change or retire it.
DAILY = Task(
    id="check_in",
    version=1,
    kind="check_in",
    status="published",
    title=TaskTitle("每日签到", "Daily check-in"),
    text=TaskText(
        "每天签到得 1 积分，连续 7 天再得 5 积分。",
        "Each day's check-in earns 1 point, and 7 days in a row another 5.",
    ),
    points=1,
    check_in=CheckInTerms((CheckInBonus(7, 5),), MakeUpTerms(7, 2, 0)),
)
BUILT_IN: dict[str, Task] = {DAILY.id: DAILY}

_BELONGS = {"check_in": CHECK_IN, "referral": REFERRAL, "fields": PROFILE}
_NOT_OF_KIND = Words("该类任务没有此项", "does not belong to a task of this kind")
_REQUIRED = Words("必填", "is required")


def check_task(task: Task) -> None:
    """Raises Invalid naming the fields that do not fit the kind, or each other."""
    wrong = [
        FieldError(name, "not_of_kind", _NOT_OF_KIND)
        for name, kind in _BELONGS.items()
        if getattr(task, name) and task.kind != kind
    ]
    if task.link and task.kind not in (SHARE, SURVEY):
        wrong.append(FieldError("link", "not_of_kind", _NOT_OF_KIND))
    if task.kind == SURVEY and not task.link:
        wrong.append(FieldError("link", "required", _REQUIRED))
    if task.kind == PROFILE and not task.fields:
        wrong.append(FieldError("fields", "required", _REQUIRED))
    wrong += [*_of_numbers(task), *_of_times(task)]
    if wrong:
        raise Invalid(*wrong)


def _of_numbers(task: Task) -> Sequence[FieldError]:
    wrong = []
    if not task.points and task.kind not in (CHECK_IN, REFERRAL):
        wrong.append(FieldError("points", "too_small", Words("至少为 1", "must be at least 1")))
    bonuses = [each.days for each in task.check_in.bonuses] if task.check_in else []
    if len(set(bonuses)) < len(bonuses):
        words = Words("同一天数只能有一项奖励", "has two bonuses for as many days")
        wrong.append(FieldError("check_in.bonuses", "duplicate", words))
    try:
        ExpiryPolicy(task.lots.expires.kind, task.lots.expires.count)
    except ValueError:
        words = Words("有效期有误", "is no expiry that points can have")
        wrong.append(FieldError("lots.expires", "invalid", words))
    return wrong


def _of_times(task: Task) -> Sequence[FieldError]:
    begins, ends = task.valid_from_ms, task.valid_until_ms
    if begins is None or ends is None or begins < ends:
        return ()
    return [
        FieldError("valid.until", "too_early", Words("须晚于开始时间", "must be after it begins"))
    ]


def next_of(task: Task, changes: dict[str, Any]) -> Task:
    """The next version of a task with some fields changed, as its kind needs them.

    Raises Invalid naming the field.
    """
    made: Task = msgspec.structs.replace(task, **changes, version=task.version + 1)
    made = settled(made)
    check_task(made)
    return made


def settled(task: Task) -> Task:
    """The task with the parts that its kind must have."""
    parts: dict[str, Any] = {}
    if task.kind in ONCE:
        parts["limits"] = TaskLimits(total=1)
    if task.kind == CHECK_IN:
        parts["limits"] = TaskLimits(day=1)
        parts["check_in"] = task.check_in or CheckInTerms()
    if task.kind == REFERRAL:
        parts["referral"] = task.referral or ReferralTerms()
    made: Task = msgspec.structs.replace(task, **parts)
    return made
