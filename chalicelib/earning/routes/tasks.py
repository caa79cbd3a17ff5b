"""Tasks of members: the list, the claims, what others opened of theirs."""

from __future__ import annotations

import msgspec
from chalice.app import Blueprint

from chalicelib.earning.actions import claims as actions
from chalicelib.earning.errors import (
    NothingToClaim,
    NotYourShare,
    TaskAlreadyClaimed,
    TaskClosed,
    TaskLimitReached,
)
from chalicelib.earning.queries import referrals, tasks
from chalicelib.earning.rules import check_ins, claims
from chalicelib.earning.rules.claims import DONE, Progress, Standing, State
from chalicelib.earning.rules.tasks import CHECK_IN, REFERRAL, Kind, Task
from chalicelib.earning.tables.tasks import ClaimItem
from chalicelib.kernel.clock import program_day, rfc3339_ms, to_ms
from chalicelib.kernel.errors import Words
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

task_routes = Blueprint(__name__)

# Friends of a member that are looked at for one whose order waits.
_LATEST_FRIENDS = 20


class TaskView(msgspec.Struct):
    """A task for a member. `status` is `open` (to be done), `done` (no more for now), `claimable`,
    `claimed` or `waiting`; `next` says what comes next. `friend_points` are a referral's, for the
    friend; `link` leads to a survey, or is what may be shared."""

    id: str
    kind: Kind
    title: str
    text: str
    points: int
    friend_points: int | None
    status: State
    next: str
    link: str | None
    valid_until: str | None


class TasksView(msgspec.Struct):
    """The tasks that are open to the member."""

    data: list[TaskView]


class ClaimView(msgspec.Struct):
    """A paid claim."""

    id: str
    task_id: str
    points: int
    created_at: str


TASK_EXAMPLE = {
    "id": "tsk_5c3bqbzkmvnl2hwmbkqk5pnjhm", "kind": "complete_profile", "title": "完善资料",
    "text": "填写昵称和邮箱", "points": 20, "friend_points": None, "status": "open",
    "next": "还需填写：邮箱", "link": None, "valid_until": None,
}  # fmt: skip


@route(
    task_routes, "GET", "/v1/me/tasks",
    summary="My tasks, and how I stand with each",
    roles=[MEMBER], answer=TasksView,
    example={"answer": {"data": [TASK_EXAMPLE]}},
)  # fmt: skip
def list_tasks(call: Call) -> Reply:
    person = tasks.person_of(call.member_id)
    progress = tasks.all_progress(call.member_id)
    offered = claims.offered(tasks.tasks_in_force(), person, to_ms(call.now))
    shown = []
    for task in offered:
        known = progress.get(task.id, Progress(call.member_id, task.id))
        standing = _standing(task, known, person, call)
        shown.append(_view(task, standing, call.language))
    return Reply(TasksView(shown))


def _standing(task: Task, known: Progress, person: claims.Person, call: Call) -> Standing:
    today = program_day(call.now)
    if task.kind == CHECK_IN:
        months = tasks.months_of(call.member_id, today)
        if check_ins.streak_at(months, today):
            streak = check_ins.streak_now(months, today)
            words = Words(f"已连续签到 {streak} 天", f"{streak} day{'s' * (streak > 1)} in a row")
            return Standing(DONE, words)
    waiting = 0
    if task.kind == REFERRAL:
        friends = referrals.referrals_of(call.member_id, limit=_LATEST_FRIENDS)
        waiting = sum(each.due_at is not None for each in friends)
    return claims.standing(task, known, person, today, waiting=waiting)


def _view(task: Task, standing: Standing, language: str) -> TaskView:
    until = task.valid_until_ms
    return TaskView(
        id=task.id,
        kind=task.kind,
        title=task.title.in_language(language),
        text=task.text.in_language(language),
        points=task.points,
        friend_points=task.referral.friend_points if task.referral else None,
        status=standing.status,
        next=standing.next.in_language(language),
        link=task.link,
        valid_until=None if until is None else rfc3339_ms(until),
    )


@route(
    task_routes, "POST", "/v1/me/tasks/{task}/claims",
    summary="Claim the points of a task that I have done",
    roles=[MEMBER], consent=True, answer=ClaimView, status=201, key=True,
    may_raise=[TaskClosed, TaskAlreadyClaimed, TaskLimitReached, NothingToClaim],
    example={"answer": {
        "id": "clm_5c3bqbzkmvnl2hwmbkqk5pnjhm", "task_id": TASK_EXAMPLE["id"], "points": 20,
        "created_at": "2026-11-21T08:00:00Z",
    }},
)  # fmt: skip
def claim_task(call: Call) -> Reply:
    asked = actions.Asked(
        call.derived_id("clm"), call.content_digest, call.member_id, call.path["task"]
    )
    return answer_of(actions.claim(asked, call.now), _claim_view)


def _claim_view(item: ClaimItem) -> ClaimView:
    return ClaimView(item.id, item.task_id, item.points, rfc3339_ms(item.created_at))


@route(
    task_routes, "PUT", "/v1/me/opened-shares/{task}/{code}",
    summary="Tell that I opened what another member shared: it counts once for them",
    roles=[MEMBER], status=204, may_raise=[NotYourShare], example={},
)  # fmt: skip
def open_shared(call: Call) -> Reply:
    actions.open_share(call.path["task"], call.path["code"], call.member_id, call.now)
    return Reply()
