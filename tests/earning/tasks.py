"""Tasks in tests: made and published by ops, and taken away again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.earning.queries import tasks
from chalicelib.earning.rules.tasks import DAILY
from chalicelib.earning.tables.tasks import PublishedItem, TaskItem
from chalicelib.kernel import ids
from tests.api import Answer, Api, new_key, token

TITLE = {"zh-CN": "任务", "en": "Task"}


def draft(**other: Any) -> dict[str, Any]:
    return {"kind": "complete_profile", "title": TITLE, "points": 20, **other}


def create(api: Api, **other: Any) -> Answer:
    return api.post(
        "/v1/admin/tasks", draft(**other), as_=token(ids.new_id("mbr"), "ops"), key=new_key()
    )


def act(api: Api, task: dict[str, Any], name: str) -> Answer:
    path = f"/v1/admin/tasks/{task['id']}/{name}"
    return api.post(
        path, as_=token(ids.new_id("mbr"), "ops"), headers={"If-Match": str(task["version"])}
    )


@contextmanager
def published(api: Api, **other: Any) -> Iterator[dict[str, Any]]:
    """A published task, gone afterwards: the tables are all tests'."""
    made = create(api, **other)
    assert made.status == 201, made.body
    done = act(api, made.body, "publish")
    assert done.status == 200, done.body
    try:
        yield done.body
    finally:
        kind = PublishedItem.key(done.body["kind"])
        for key in ((kind.pk, kind.sk), ("TASKS", done.body["id"]), ("TASKS", DAILY.id)):
            if (found := TaskItem.find(*key) if key[1] != kind.sk else kind) is not None:
                found.delete()
        tasks.forget_tasks()
