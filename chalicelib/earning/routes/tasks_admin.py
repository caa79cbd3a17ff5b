"""Tasks for ops: defined, published and retired, each act audited."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib import audit
from chalicelib.earning.actions import tasks as actions
from chalicelib.earning.queries import tasks as queries
from chalicelib.earning.rules.tasks import (
    CheckInTerms,
    Kind,
    Link,
    Points,
    ProfileField,
    ReferralTerms,
    Status,
    Task,
    TaskLimits,
    TaskLots,
    TaskText,
    TaskTitle,
)
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery, part
from chalicelib.kernel.errors import NotAllowedInThisState, Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

task_admin = Blueprint(__name__)

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Fields = Annotated[tuple[ProfileField, ...], msgspec.Meta(max_length=4)]

READERS = (AGENT, OPS, ADMIN)
WRITERS = (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]


class TaskWindow(msgspec.Struct, forbid_unknown_fields=True):
    """From when until when a task is open; null is no end."""

    from_: Instant | None = msgspec.field(default=None, name="from")
    until: Instant | None = None


class TaskParts(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Parts of a task that some kinds have: `fields` of the profile, `link` of a survey or a
    share."""

    points: Points | UnsetType = UNSET
    text: TaskText | UnsetType = UNSET
    limits: TaskLimits | UnsetType = UNSET
    valid: TaskWindow | UnsetType = UNSET
    lots: TaskLots | UnsetType = UNSET
    check_in: CheckInTerms | UnsetType | None = UNSET
    referral: ReferralTerms | UnsetType | None = UNSET
    fields: Fields | UnsetType = UNSET
    link: Link | UnsetType | None = UNSET


class TaskDraft(TaskParts, forbid_unknown_fields=True, kw_only=True):
    """A new task: it is a draft until it is published."""

    kind: Kind
    title: TaskTitle


class TaskChange(TaskParts, forbid_unknown_fields=True, kw_only=True):
    """Any part of a task but its kind; a part that is given replaces the whole part."""

    title: TaskTitle | UnsetType = UNSET


class AdminTaskView(msgspec.Struct):
    """A task as ops define it."""

    id: str
    version: int
    kind: Kind
    status: Status
    title: TaskTitle
    text: TaskText
    points: int
    limits: TaskLimits
    valid: TaskWindow
    lots: TaskLots
    check_in: CheckInTerms | None
    referral: ReferralTerms | None
    fields: list[ProfileField]
    link: str | None
    created_at: str | None
    published_at: str | None


class AdminTasksQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """All tasks, or those in one state."""

    status: Status | None = None


DRAFT_EXAMPLE: dict[str, Any] = {
    "kind": "referral", "title": {"zh-CN": "邀请好友", "en": "Invite a friend"},
    "text": {"zh-CN": "好友首单过了退货期，双方得积分", "en": "Both of you get points."},
    "points": 100, "limits": {"month": 10},
    "valid": {"from": "2026-12-01T00:00:00Z", "until": None},
    "lots": {"pending_days": 0, "expires": {"kind": "end_of_month", "months": 12}},
    "referral": {"friend_points": 50, "order_at_least": 1000, "wait_days": 15},
}  # fmt: skip
TASK_EXAMPLE = {
    **DRAFT_EXAMPLE, "id": "tsk_5c3bqbzkmvnl2hwmbkqk5pnjhm", "version": 1, "status": "draft",
    "limits": {"total": None, "day": None, "month": 10},
    "lots": {"pending_days": 0, "expires": {
        "kind": "end_of_month", "days": None, "months": 12, "years": None,
    }},
    "check_in": None, "fields": [], "link": None, "created_at": "2026-11-21T08:00:00Z",
    "published_at": None,
}  # fmt: skip


def _view(task: Task) -> AdminTaskView:
    def at(ms: int | None) -> datetime | None:
        return None if ms is None else datetime.fromisoformat(rfc3339_ms(ms))

    published = task.published_at_ms
    return shaped(
        AdminTaskView,
        task,
        fields=list(task.fields),
        valid=TaskWindow(at(task.valid_from_ms), at(task.valid_until_ms)),
        created_at=rfc3339_ms(task.created_at_ms) if task.created_at_ms else None,
        published_at=None if published is None else rfc3339_ms(published),
    )


def _given(parts: TaskParts) -> dict[str, Any]:
    """The fields of a task that a body gives."""
    told = msgspec.structs.asdict(parts)
    given = {name: value for name, value in told.items() if value is not UNSET}
    if (window := given.pop("valid", None)) is not None:
        given["valid_from_ms"] = None if window.from_ is None else to_ms(window.from_)
        given["valid_until_ms"] = None if window.until is None else to_ms(window.until)
    return given


@route(
    task_admin, "GET", "/v1/admin/tasks",
    summary="List the tasks, the built-in ones among them",
    roles=READERS, query=AdminTasksQuery, answer=Page[AdminTaskView],
    example={"answer": {"data": [TASK_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_admin_tasks(call: Call) -> Reply:
    asked = call.query
    found = [each for each in queries.all_tasks() if asked.status in (None, each.status)]
    made = part(f"tasks:{asked.status}", asked, found, lambda each: (-each.created_at_ms, each.id))
    return Reply(made.shown(_view))


@route(
    task_admin, "POST", "/v1/admin/tasks",
    summary="Create a task, as a draft",
    roles=WRITERS, body=TaskDraft, answer=AdminTaskView, status=201, key=True,
    example={"request": DRAFT_EXAMPLE, "answer": TASK_EXAMPLE},
)  # fmt: skip
def create_task(call: Call) -> Reply:
    task_id = call.derived_id("tsk")
    fields = {"text": TaskText(), "points": 0, **_given(call.body)}
    draft = Task(id=task_id, version=1, status="draft", created_at_ms=to_ms(call.now), **fields)
    act = audit.act_of(call, "task.create", task_id)
    return answer_of(actions.create_task(draft, call.content_digest, act), _view)


@route(
    task_admin, "GET", "/v1/admin/tasks/{id}",
    summary="Show a task",
    roles=READERS, answer=AdminTaskView, example={"answer": TASK_EXAMPLE},
)  # fmt: skip
def show_task(call: Call) -> Reply:
    return Reply(_view(queries.get_task(call.path["id"])))


@route(
    task_admin, "PATCH", "/v1/admin/tasks/{id}",
    summary="Change a task: what is published changes within 15 seconds",
    roles=WRITERS, body=TaskChange, answer=AdminTaskView, headers=IF_MATCH,
    may_raise=[Stale],
    example={"request": {"points": 120}, "answer": TASK_EXAMPLE},
)  # fmt: skip
def change_task(call: Call) -> Reply:
    task_id = call.path["id"]
    act = audit.act_of(call, "task.change", task_id)
    return Reply(_view(actions.change_task(task_id, _given(call.body), call.seen_version, act)))


@route(
    task_admin, "POST", "/v1/admin/tasks/{id}/publish",
    summary="Publish a task; of a kind that has one at a time, the one before retires",
    roles=WRITERS, answer=AdminTaskView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"answer": {**TASK_EXAMPLE, "status": "published"}},
)  # fmt: skip
def publish_task(call: Call) -> Reply:
    task_id = call.path["id"]
    act = audit.act_of(call, "task.publish", task_id)
    return Reply(_view(actions.publish_task(task_id, call.seen_version, to_ms(call.now), act)))


@route(
    task_admin, "POST", "/v1/admin/tasks/{id}/retire",
    summary="Retire a task: it pays nobody any more",
    roles=WRITERS, answer=AdminTaskView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"answer": {**TASK_EXAMPLE, "status": "retired"}},
)  # fmt: skip
def retire_task(call: Call) -> Reply:
    task_id = call.path["id"]
    act = audit.act_of(call, "task.retire", task_id)
    return Reply(_view(actions.retire_task(task_id, call.seen_version, act)))
