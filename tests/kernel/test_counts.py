"""A list is counted up to a hundred, in one request."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.store.tables import connection
from chalicelib.orders.tables import OrdersItem, sortable
from tests.api import new_key

INDEX = OrdersItem.waiting.Meta.index_name


def _queue(length: int) -> str:
    queue = f"test-{new_key()}"
    with OrdersItem.batch_write() as batch:
        for number in range(length):
            batch.save(OrdersItem(f"{queue}-{number}", "X", queue=queue, queue_at=sortable(number)))
    return queue


@pytest.mark.parametrize(
    ("length", "counted"),
    [
        (0, SomeOf(0, more=False)),
        (1, SomeOf(1, more=False)),
        (100, SomeOf(100, more=False)),
        (101, SomeOf(100, more=True)),
        (150, SomeOf(100, more=True)),
    ],
)
def test_a_count_stops_at_a_hundred_and_says_so(
    engine: str, length: int, counted: SomeOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, sent, query = _queue(length), [], connection().query

    def counting(*args: Any, **kwargs: Any) -> Any:
        sent.append(kwargs["limit"])
        return query(*args, **kwargs)

    monkeypatch.setattr(connection(), "query", counting)
    assert OrdersItem.count_some(queue, index_name=INDEX) == counted
    assert sent == [101]


def test_a_part_of_a_list_is_counted_by_its_order(engine: str) -> None:
    within = OrdersItem.queue_at < sortable(3)
    counted = OrdersItem.count_some(_queue(5), within, index_name=INDEX)
    assert counted == SomeOf(3, more=False)


def test_a_page_that_is_cut_by_its_size_is_more(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A megabyte ends a page of DynamoDB, however many items are asked for."""
    cut = {"Count": 7, "LastEvaluatedKey": {"pk": {"S": "x"}}}
    monkeypatch.setattr(connection(), "query", lambda *_, **__: cut)
    assert OrdersItem.count_some("any", index_name=INDEX) == SomeOf(7, more=True)
