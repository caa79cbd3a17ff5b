"""The answers to a record that cannot be read: the staff learns which, others do not."""

from __future__ import annotations

import json

from tests.api import Answer
from tests.world import World


def assert_named(answer: Answer, table: str, key: str) -> None:
    """Assert that the staff's answer names the record."""
    assert (answer.status, answer.body["code"]) == (500, "record_unreadable"), answer.body
    assert (answer.body["table"], answer.body["key"]) == (f"jifen-dev-{table}", key)
    assert key in answer.body["detail"]


def assert_not_named(answer: Answer, key: str) -> None:
    """Assert that the answer reports an unreadable record without its content."""
    assert (answer.status, answer.body["code"]) == (500, "record_unreadable")
    assert "jifen-dev" not in json.dumps(answer.body)
    assert key.partition(" ")[0] not in json.dumps({**answer.body, "request_id": ""})
    assert answer.body["errors"] == []


def last_page(world: World, path: str) -> Answer:
    """The staff's list, to its end or its first page that cannot be read: what other tests made
    may stand before."""
    answer = world.api.get(path, as_=world.ops)
    while answer.status == 200 and (cursor := answer.body["next_cursor"]):
        answer = world.api.get(f"{path}&cursor={cursor}", as_=world.ops)
    return answer
