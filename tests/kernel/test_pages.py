"""Pages read at the speed of their JSON: the same items, errors and requests as any other way."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from chalicelib import ledger
from chalicelib.kernel.errors import Unreadable
from chalicelib.kernel.store import pages as reading
from chalicelib.kernel.store.pages import Integer, Text, ahead, in_order, pages
from chalicelib.kernel.store.tables import connection
from chalicelib.ledger.tables import EntryItem, account_key
from tests.ledger.books import entries_of, give, new_account

pytestmark = pytest.mark.usefixtures("engine")


class Row(msgspec.Struct):
    sk: Text
    seq: Integer
    nothing: Text | None = None


def query(account_id: str, **more: Any) -> dict[str, Any]:
    return {
        "TableName": EntryItem.Meta.table_name,
        "ConsistentRead": True,
        "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
        "ExpressionAttributeValues": {
            ":pk": {"S": account_key(account_id)},
            ":sk": {"S": "ENT#"},
        },
        **more,
    }


@pytest.fixture
def account_id() -> str:
    made = new_account()
    for number in range(5):
        give(made, 10 + number, f"积分:{number}")
    return made


def test_every_page_is_read_and_decoded(account_id: str) -> None:
    found = list(pages("Query", Row, query(account_id, Limit=2)))
    assert [len(page.items) for page in found] == [2, 2, 1]
    assert [page.last_key is None for page in found] == [False, False, True]
    rows = [(row.sk.S, row.seq.N) for page in found for row in page.items]
    assert rows == [(f"ENT#积分:{number}", number + 1) for number in range(5)]


@pytest.mark.parametrize("rows_a_page", [1, 2, 5, 1000])
def test_a_partition_is_read_in_order_from_the_given_key_on(
    account_id: str, monkeypatch: pytest.MonkeyPatch, rows_a_page: int
) -> None:
    monkeypatch.setattr(reading, "ROWS_A_PAGE", rows_a_page)
    values = {":pk": {"S": account_key(account_id)}, ":after": {"S": "ENT#积分:0"}}
    asked = {
        "TableName": EntryItem.Meta.table_name,
        "ExpressionAttributeValues": values,
        "KeyConditionExpression": "pk = :pk AND sk > :after",
    }
    found = [row.sk.S for row in in_order(Row, asked, "sk")]
    assert found == [f"ENT#积分:{number}" for number in range(1, 5)]
    assert asked["ExpressionAttributeValues"] == values


def test_other_reads_of_the_same_client_are_unchanged(account_id: str) -> None:
    over, wrong = threading.Event(), []

    def read_the_other_way() -> None:
        while not over.is_set():
            if len(entries_of(account_id)) != 5:
                wrong.append(1)

    with ThreadPoolExecutor(1) as threads:
        threads.submit(read_the_other_way)
        for _ in range(20):
            (page,) = pages("Query", Row, query(account_id))
            assert len(page.items) == 5
        over.set()
    assert wrong == []
    assert ledger.find_account(account_id).seq == 5


def test_a_refused_read_raises_and_the_next_one_works(account_id: str) -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        list(pages("Query", Row, {**query(account_id), "TableName": "jifen-dev-nothing"}))
    client: Any = connection().client
    assert len(client.query(**query(account_id))["Items"]) == 5


def test_an_item_of_another_shape_is_refused(account_id: str) -> None:
    class Other(msgspec.Struct):
        seq: Text

    with pytest.raises(Unreadable):
        list(pages("Query", Other, query(account_id)))


def test_items_fetched_ahead_are_the_same_in_the_same_order() -> None:
    assert list(ahead(iter(range(1, 50)))) == list(range(1, 50))
    assert list(ahead(iter([]))) == []


def test_a_failure_ahead_is_raised_where_its_page_is_used() -> None:
    def items() -> Any:
        yield 1
        raise KeyError("second")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(KeyError):
        next(found)
