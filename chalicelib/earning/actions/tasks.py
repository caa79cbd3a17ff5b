"""Writes of tasks by ops, each with its record in the audit."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.earning.queries import tasks
from chalicelib.earning.rules.tasks import (
    BUILT_IN,
    DRAFT,
    PUBLISHED,
    RETIRED,
    SINGLE,
    Status,
    Task,
    check_task,
    next_of,
    settled,
)
from chalicelib.earning.tables.tasks import MadeTaskItem, PublishedItem, TaskItem
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import (
    IdempotencyKeyReused,
    Moved,
    NotAllowedInThisState,
    Stale,
    Words,
)
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads

STATE_NAMES = {
    DRAFT: Words("草稿", "a draft"),
    PUBLISHED: Words("已发布", "published"),
    RETIRED: Words("已下线", "retired"),
}


def create_task(draft: Task, content: bytes, act: Act) -> tuple[Task, bool]:
    """Create a task as a draft, with the id that its key gives: (task, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> Task:
        task = settled(draft)
        check_task(task)
        made = MadeTaskItem.key(task.id)
        made.task_id, made.made_of = task.id, content
        writes = WriteSet()
        writes.put_new(made, or_raise=IdempotencyKeyReused)
        writes.put_new(TaskItem.of(task), or_raise=IdempotencyKeyReused)
        audit.record_change(writes, act, None, task)
        writes.commit()
        return task

    def find() -> Task | None:
        key = MadeTaskItem.key(draft.id)
        made = replay_of(MadeTaskItem.find(key.pk, key.sk), content)
        return tasks.get_task(made.task_id) if made else None

    return replay_outranks_refusal(write, find)


def change_task(task_id: str, changes: dict[str, Any], version: int, act: Act) -> Task:
    """Change some fields of a task.

    Raises NotFound, Stale, Invalid.
    """

    def write() -> Task:
        seen = _seen(task_id, version)
        after = next_of(seen, changes)
        writes = WriteSet()
        _put(writes, seen, after)
        audit.record_change(writes, act, seen, after)
        writes.commit()
        return after

    return _written(write)


def publish_task(task_id: str, version: int, now_ms: int, act: Act) -> Task:
    """Publish a task. Of its kind, if that has one at a time, the published one retires.

    Raises NotFound, Stale, NotAllowedInThisState.
    """

    def write() -> Task:
        seen = _seen(task_id, version)
        after = _in_state(seen, PUBLISHED)
        after = replace(after, published_at_ms=now_ms)
        writes = WriteSet()
        _put(writes, seen, after)
        if seen.kind in SINGLE:
            _replace_published(writes, seen.kind, task_id)
        audit.record_change(writes, act, seen, after)
        writes.commit()
        return after

    return _written(write)


def retire_task(task_id: str, version: int, act: Act) -> Task:
    """Retire a task: it pays nobody any more.

    Raises NotFound, Stale, NotAllowedInThisState.
    """

    def write() -> Task:
        seen = _seen(task_id, version)
        after = _in_state(seen, RETIRED)
        writes = WriteSet()
        _put(writes, seen, after)
        if seen.kind in SINGLE and tasks.published_of(seen.kind) == task_id:
            row = PublishedItem.key(seen.kind)
            row.task_id = ""
            writes.put(row)
        audit.record_change(writes, act, seen, after)
        writes.commit()
        return after

    return _written(write)


def _written(write: Any) -> Task:
    task: Task = with_fresh_reads(write)
    tasks.forget_tasks()
    return task


def _seen(task_id: str, version: int) -> Task:
    """Raises NotFound, Stale."""
    seen = tasks.get_task(task_id)
    if seen.version != version:
        raise Stale()
    return seen


def _in_state(task: Task, status: Status) -> Task:
    """Raises NotAllowedInThisState unless it is in another state, and no draft is retired."""
    if task.status == status or (status == RETIRED and task.status == DRAFT):
        raise NotAllowedInThisState(status=task.status).telling(state=STATE_NAMES[task.status])
    return replace(task, status=status, version=task.version + 1)


def _put(writes: WriteSet, seen: Task, after: Task) -> None:
    same = TaskItem.version == seen.version
    if seen.id in BUILT_IN and seen == BUILT_IN[seen.id]:
        same = TaskItem.pk.does_not_exist() | same
    writes.put(TaskItem.of(after), condition=same, or_raise=Stale)


def _replace_published(writes: WriteSet, kind: str, task_id: str) -> None:
    """Add that a task is the published one of its kind, and retire the one before it."""
    key = PublishedItem.key(kind)
    row: PublishedItem | None = PublishedItem.find(key.pk, key.sk)
    before = tasks.published_of(kind)
    key.task_id = task_id
    same = PublishedItem.task_id == row.task_id if row else PublishedItem.pk.does_not_exist()
    writes.put(key, condition=same, or_raise=Moved)
    if before and before != task_id:
        old = tasks.get_task(before)
        if old.status == PUBLISHED:
            _put(writes, old, _in_state(old, RETIRED))
