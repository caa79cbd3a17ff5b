"""Reads of tasks, check-ins and claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from chalicelib import members
from chalicelib.earning.rules import check_ins
from chalicelib.earning.rules.check_ins import Month, Months
from chalicelib.earning.rules.claims import Person, Progress
from chalicelib.earning.rules.tasks import BUILT_IN, PUBLISHED, Task
from chalicelib.earning.tables.tasks import (
    PUBLISHED as PUBLISHED_ROW,
)
from chalicelib.earning.tables.tasks import (
    TASKS,
    CheckInsItem,
    ProgressItem,
    PublishedItem,
    TaskItem,
)
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.recall import Recall

# Publishing takes effect within this time in other processes.
_KEPT_S = 15


@cache
def _recalled() -> Recall[str, list[Task]]:
    return Recall(_KEPT_S, 1)


def forget_tasks() -> None:
    """Read the tasks anew when they are asked for next."""
    _recalled().clear()


def all_tasks() -> list[Task]:
    """Every task, those that are built in among them, read consistently."""
    items: Iterable[TaskItem] = TaskItem.query(
        TASKS, TaskItem.sk < PUBLISHED_ROW, consistent_read=True
    )
    below = [each.value() for each in items]
    above: Iterable[TaskItem] = TaskItem.query(
        TASKS, TaskItem.sk > PUBLISHED_ROW + "~", consistent_read=True
    )
    stored = {each.id: each for each in [*below, *(item.value() for item in above)]}
    return list((BUILT_IN | stored).values())


def tasks_in_force() -> list[Task]:
    """The published tasks, as they were a moment ago."""
    found = _recalled().get(PUBLISHED)
    if found is None:
        found = [each for each in all_tasks() if each.status == PUBLISHED]
        _recalled().keep(PUBLISHED, found)
    return found


def task_of(kind: str, now_ms: int) -> Task | None:
    """The open task of a kind that has one at a time."""
    found = (each for each in tasks_in_force() if each.kind == kind and each.is_open(now_ms))
    return next(found, None)


def find_task(task_id: str) -> Task | None:
    """A task, read consistently."""
    found: Task | None = TaskItem.find_value(TASKS, task_id)
    return found or BUILT_IN.get(task_id)


def get_task(task_id: str) -> Task:
    """Raises NotFound."""
    return or_not_found(None if task_id.startswith(PUBLISHED_ROW) else find_task(task_id))


def is_stored(task_id: str) -> bool:
    """Whether ops have changed a task that is built in."""
    return TaskItem.find(TASKS, task_id) is not None


def published_of(kind: str) -> str | None:
    """The id of the published task of a kind that has one at a time."""
    key = PublishedItem.key(kind)
    found: PublishedItem | None = PublishedItem.find(key.pk, key.sk)
    if found is not None:
        return str(found.task_id) or None
    return next((each.id for each in BUILT_IN.values() if each.kind == kind), None)


def months_of(member_id: str, today: date) -> Months:
    """The months of check-ins that matter on a day, by their names, read consistently."""
    names = check_ins.months_to(today)
    return months_between(member_id, names[0], names[-1])


def months_between(member_id: str, first: str, last: str) -> Months:
    items: Iterable[CheckInsItem] = CheckInsItem.query(
        CheckInsItem.partition(member_id),
        CheckInsItem.sk.between(first, last),
        consistent_read=True,
    )
    return {each.sk: each.value() for each in items}


def all_months(member_id: str) -> Iterator[Month]:
    """Each month in which a member has checked in, the first one first."""
    items: Iterable[CheckInsItem] = CheckInsItem.query(
        CheckInsItem.partition(member_id), consistent_read=True
    )
    return (each.value() for each in items)


def progress_of(member_id: str, task_id: str) -> Progress:
    """A member's progress with a task, read consistently."""
    found: Progress | None = ProgressItem.find_value(ProgressItem.partition(member_id), task_id)
    return found or Progress(member_id, task_id)


def all_progress(member_id: str) -> dict[str, Progress]:
    """A member's progress with each task that they have begun."""
    items: Iterable[ProgressItem] = ProgressItem.query(
        ProgressItem.partition(member_id), consistent_read=True
    )
    return {each.sk: each.value() for each in items}


def person_of(member_id: str) -> Person:
    """What tasks ask of a member.

    Raises NotFound.
    """
    found = members.any_member(member_id)
    has = [name for name in ("nickname", "avatar", "phone", "email") if getattr(found, name)]
    return Person(found.created_at, has)
