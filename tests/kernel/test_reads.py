"""Items of several tables are read in one request, whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from pynamodb.exceptions import GetError

from chalicelib.kernel import ids
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.outages import is_outage
from chalicelib.kernel.store import pauses
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.pauses import ATTEMPTS
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.tables import Item
from tests.kernel.wire import answer, faults, no_answer

BATCH_GET = "BatchGetItem"


class Here(Item):
    class Meta:
        table_name = config().table("campaigns")

    n = IntegerAttribute()


class There(Item):
    class Meta:
        table_name = config().table("notify")

    n = IntegerAttribute()


@pytest.fixture(autouse=True)
def _on_the_engine(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "LONGEST_PAUSE_S", 0.01)


def new(kind: type[Any], n: int) -> Any:
    item = kind(ids.new_id("thg"), "THING", n=n)
    item.save()
    return item


def unprocessed(*items: Any) -> Any:
    """DynamoDB returns these keys unprocessed."""
    left: dict[str, Any] = {}
    for item in items:
        keys = left.setdefault(item.Meta.table_name, {"Keys": [], "ConsistentRead": True})["Keys"]
        keys.append({"pk": {"S": item.pk}, "sk": {"S": item.sk}})
    return answer(200, "none", Responses={}, UnprocessedKeys=left)


def test_items_of_two_tables_take_one_request() -> None:
    here, there, other = new(Here, 1), new(There, 2), new(Here, 3)
    reads = ReadSet()
    wanted = [
        reads.want(type(item), item.pk, item.sk, consistent=item is here)
        for item in (here, there, other)
    ]
    nobody = reads.want(There, "nobody", "THING")
    with faults(BATCH_GET) as sent:
        reads.read()
    assert [item.n for item in (found() for found in wanted)] == [1, 2, 3]
    assert nobody() is None
    (request,) = sent
    asked = {
        table: (len(each["Keys"]), each["ConsistentRead"])
        for table, each in request["RequestItems"].items()
    }
    assert asked == {Here.Meta.table_name: (2, True), There.Meta.table_name: (2, True)}


def test_an_item_that_two_contexts_want_is_read_once() -> None:
    here = new(Here, 1)
    reads = ReadSet()
    first, second = (reads.want(Here, here.pk, here.sk, consistent=False) for _ in range(2))
    with faults(BATCH_GET) as sent:
        reads.read()
    assert first().n == second().n == 1
    (asked,) = sent[0]["RequestItems"].values()
    assert (len(asked["Keys"]), asked["ConsistentRead"]) == (1, False)


def test_items_that_were_left_out_are_asked_for_again() -> None:
    here, there = new(Here, 1), new(There, 2)
    reads = ReadSet()
    wanted = [reads.want(type(item), item.pk, item.sk) for item in (here, there)]
    with faults(BATCH_GET, unprocessed(here, there), unprocessed(there)) as sent:
        reads.read()
    assert len(sent) == 3
    assert set(sent[2]["RequestItems"]) == {There.Meta.table_name}
    assert wanted[1]().n == 2


def test_a_table_that_never_gives_an_item_is_unavailable() -> None:
    here = new(Here, 1)
    reads = ReadSet()
    reads.want(Here, here.pk, here.sk)
    with faults(BATCH_GET, *[unprocessed(here)] * ATTEMPTS) as sent, pytest.raises(Unavailable):
        reads.read()
    assert len(sent) == ATTEMPTS


def test_no_answer_is_an_outage() -> None:
    reads = ReadSet()
    reads.want(Here, "somebody", "THING")
    with faults(BATCH_GET, *[no_answer] * 10), pytest.raises(GetError) as failed:
        reads.read()
    assert is_outage(failed.value)


def test_a_list_asks_again_for_items_that_were_left_out() -> None:
    items = [new(Here, n) for n in range(2)]
    keys = [(item.pk, item.sk) for item in items]
    with faults(BATCH_GET, unprocessed(*items), unprocessed(*items)) as sent:
        found = dict(Here.read_each(keys))
    assert {pk: item.n for pk, item in found.items()} == {item.pk: item.n for item in items}
    assert len(sent) == 3


def test_a_list_of_items_that_a_table_never_gives_is_unavailable() -> None:
    here = new(Here, 1)
    left_out = [unprocessed(here)] * (ATTEMPTS + 1)
    with faults(BATCH_GET, *left_out) as sent, pytest.raises(Unavailable):
        list(Here.read_each([(here.pk, here.sk)]))
    assert len(sent) == ATTEMPTS + 1
