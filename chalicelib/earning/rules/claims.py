"""Claims of tasks: what a member has done of one, and whether it pays now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib.earning.errors import NothingToClaim, TaskAlreadyClaimed, TaskLimitReached
from chalicelib.earning.rules.tasks import (
    BY_ITSELF,
    CHECK_IN,
    ONCE,
    PROFILE,
    REFERRAL,
    REGISTER,
    REVIEW,
    SHARE,
    SURVEY,
    ProfileField,
    Task,
)
from chalicelib.kernel.errors import Words

State = Literal["open", "done", "claimable", "claimed", "waiting"]
OPEN: State = "open"
DONE: State = "done"
CLAIMABLE: State = "claimable"
CLAIMED: State = "claimed"
WAITING: State = "waiting"


class Progress(msgspec.Struct, frozen=True):
    """A member's progress with a task: `done` counts what others told of it, `claimed` what was
    paid; `in_day` and `in_month` of that on `day` (ordinal) and in `month`."""

    member_id: str
    task_id: str
    done: int = 0
    claimed: int = 0
    day: int = 0
    in_day: int = 0
    month: str = ""
    in_month: int = 0
    version: int = 0

    def paid_on(self, today: date) -> Progress:
        """The progress with one more payment."""
        on, month = today.toordinal(), f"{today:%Y-%m}"
        return replace(
            self,
            claimed=self.claimed + 1,
            day=on,
            in_day=1 + (self.in_day if self.day == on else 0),
            month=month,
            in_month=1 + (self.in_month if self.month == month else 0),
            version=self.version + 1,
        )

    def once_more(self) -> Progress:
        """The progress with the task done once more."""
        return replace(self, done=self.done + 1, version=self.version + 1)


class Person(NamedTuple):
    """What tasks ask of a member: when they registered, and what their profile has."""

    created_at_ms: int
    has: Collection[str]


class Standing(NamedTuple):
    """How a member stands with a task, and the words for what comes next."""

    status: State
    next: Words


def limit_reached(task: Task, progress: Progress, today: date) -> str | None:
    """The limit that keeps a task from paying now: `total`, `day` or `month`; None for none."""
    limits = task.limits
    in_day = progress.in_day if progress.day == today.toordinal() else 0
    in_month = progress.in_month if progress.month == f"{today:%Y-%m}" else 0
    for name, most, so_far in (
        ("total", limits.total, progress.claimed),
        ("day", limits.day, in_day),
        ("month", limits.month, in_month),
    ):
        if most is not None and so_far >= most:
            return name
    return None


def missing_fields(task: Task, person: Person) -> list[ProfileField]:
    return [name for name in task.fields if name not in person.has]


def is_earned(task: Task, progress: Progress, person: Person) -> bool:
    """Whether the member has done what the task asks and was not paid for yet."""
    if task.kind == REGISTER:
        # The task is for those who register while it runs.
        since = max(task.published_at_ms or 0, task.valid_from_ms or 0)
        return person.created_at_ms >= since and not progress.claimed
    if task.kind == PROFILE:
        return not missing_fields(task, person) and not progress.claimed
    return task.kind in (SHARE, SURVEY) and progress.done > progress.claimed


def check_claim(task: Task, progress: Progress, person: Person, today: date) -> None:
    """Raises TaskAlreadyClaimed, TaskLimitReached, NothingToClaim."""
    if task.kind in BY_ITSELF:
        raise NothingToClaim().saying(_BY_ITSELF)
    if task.kind in ONCE and progress.claimed:
        raise TaskAlreadyClaimed()
    if (reached := limit_reached(task, progress, today)) is not None:
        raise TaskLimitReached(limit=reached).saying(_LIMITS[reached])
    if not is_earned(task, progress, person):
        raise NothingToClaim().saying(_next(task, progress, person))


def standing(
    task: Task, progress: Progress, person: Person, today: date, *, waiting: int = 0
) -> Standing:
    """How a member stands with a task; `waiting` are friends whose order still waits."""
    if task.kind in ONCE and progress.claimed:
        return Standing(CLAIMED, Words("已领取", "Claimed"))
    if (reached := limit_reached(task, progress, today)) is not None:
        return Standing(DONE, _LIMITS[reached])
    if task.kind == REFERRAL and waiting:
        return Standing(WAITING, _FRIENDS_WAIT)
    if task.kind not in BY_ITSELF and is_earned(task, progress, person):
        return Standing(CLAIMABLE, Words("可以领取", "Ready to claim"))
    return Standing(OPEN, _next(task, progress, person))


def offered(tasks: Iterable[Task], person: Person, now_ms: int) -> list[Task]:
    """The tasks that a member is shown: those open now; registering only to who just did."""
    return [
        task
        for task in tasks
        if task.is_open(now_ms)
        and (task.kind != REGISTER or is_earned(task, Progress("", task.id), person))
    ]


def reference_of(task_id: str, about: str | int) -> str:
    """The reference of a task's entry: of its n-th claim, or of what it was done with."""
    return f"task:{task_id}:{about}"


def _next(task: Task, progress: Progress, person: Person) -> Words:
    if task.kind == PROFILE:
        missing = [_FIELDS[name] for name in missing_fields(task, person)]
        zh, en = "、".join(each.zh for each in missing), ", ".join(each.en for each in missing)
        return Words(f"还需填写：{zh}", f"Still missing: {en}")
    if task.kind == SHARE and progress.claimed:
        return _SHARE_AGAIN
    return _NEXT[task.kind]


_FIELDS: dict[str, Words] = {
    "nickname": Words("昵称", "nickname"),
    "avatar": Words("头像", "picture"),
    "phone": Words("手机号", "phone"),
    "email": Words("邮箱", "e-mail"),
}
_BY_ITSELF = Words("积分会自动到账，无需领取", "Its points come by themselves: there is no claim")
_FRIENDS_WAIT = Words(
    "好友的订单过了退货期，积分就会到账",
    "Points come once the return window of your friend's order has passed",
)
_SHARE_AGAIN = Words("再有一位好友打开即可领取", "One more friend has to open your link")
_LIMITS: dict[str, Words] = {
    "total": Words("已达上限", "You have done it as often as it pays"),
    "day": Words("今天已完成，明天再来", "Done for today, come back tomorrow"),
    "month": Words("本月已达上限", "You have reached this month's limit"),
}
_NEXT: dict[str, Words] = {
    REGISTER: Words("仅限新注册的会员", "It is for those who register while it runs"),
    CHECK_IN: Words("今天还未签到", "You have not checked in today"),
    REVIEW: Words(
        "评价已完成的订单，审核通过后积分到账",
        "Review a completed order: points come once the review is published",
    ),
    SHARE: Words(
        "分享链接，有其他会员打开后即可领取",
        "Share your link: once another member has opened it, claim the points",
    ),
    SURVEY: Words("填写问卷，提交后即可领取", "Answer the survey, then claim the points"),
    REFERRAL: Words(
        "邀请好友，好友首单过了退货期，双方得积分",
        "Invite a friend: both get points once the return window of their first order has passed",
    ),
}
