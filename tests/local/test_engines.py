"""The mall's demands on each engine: whole transactions, exact stock, no lost writes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from infra.local import downloads, engine
from infra.local.engine import DYNAMODB_LOCAL, DYNOXIDE, KINDS, Kind
from infra.local.engine_process import Engine, free_port
from infra.local.resources import dynamodb_client
from infra.local.settings import from_environment
from infra.local.stream_api import StreamApi

TABLE = "jifen-dev-engines"
THREADS, TIMES, STOCK = 8, 12, 40
CACHE = from_environment().cache
needs_dynoxide = pytest.mark.skipif(
    downloads.dynoxide(CACHE) is None, reason="npm has no dynoxide for this system"
)
BOTH = [
    pytest.param(kind, id=kind.setting, marks=needs_dynoxide if kind is DYNOXIDE else ())
    for kind in KINDS
]


def key(pk: str, sk: str = "1") -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def put(pk: str, sk: str = "1", **numbers: int) -> dict[str, Any]:
    item = key(pk, sk) | {name: {"N": str(value)} for name, value in numbers.items()}
    return {"Put": {"TableName": TABLE, "Item": item}}


def add(pk: str, name: str, value: int, condition: str = "attribute_exists(pk)") -> dict[str, Any]:
    return {
        "Update": {
            "TableName": TABLE,
            "Key": key(pk),
            "UpdateExpression": f"ADD {name} :v",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":v": {"N": str(value)}},
        }
    }


@dataclass
class Running:
    """An engine on a folder, with one streamed table."""

    kind: Kind
    folder: Path
    engine: Engine
    client: Any

    def start_again(self) -> None:
        self.engine = _start(self.kind, self.folder)
        self.client = dynamodb_client(self.engine.endpoint)

    def write(self, *acts: dict[str, Any], **asked: Any) -> None:
        self.client.transact_write_items(TransactItems=list(acts), **asked)

    def number(self, pk: str, name: str, sk: str = "1") -> int | None:
        found = self.client.get_item(TableName=TABLE, Key=key(pk, sk), ConsistentRead=True)
        return int(found["Item"][name]["N"]) if "Item" in found else None

    def records(self, after: str | None = None) -> list[dict[str, Any]]:
        """The changes that the stream holds, behind one of them."""
        api = StreamApi(self.engine.endpoint)
        stream = self.client.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
        found: list[dict[str, Any]] = []
        [shard] = api.shards(stream)
        iterator = api.iterator(stream, shard["ShardId"], after)
        while True:
            records, following = api.records(iterator, 100)
            found += [each["dynamodb"] for each in records]
            if not records or following is None:
                return found
            iterator = following


def _start(kind: Kind, folder: Path) -> Engine:
    return engine.start(folder / "data", CACHE, folder / "log", free_port(), kind)


def _make_table(client: Any) -> None:
    names = {"pk": "S", "sk": "S", "n": "N"}
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in names.items()
        ],
        KeySchema=_keys("pk", "sk"),
        LocalSecondaryIndexes=[
            {"IndexName": "by_n", "KeySchema": _keys("pk", "n"), "Projection": _ALL}
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    client.get_waiter("table_exists").wait(TableName=TABLE)


_ALL = {"ProjectionType": "ALL"}


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    pairs = zip((partition, sort), ("HASH", "RANGE"), strict=True)
    return [{"AttributeName": name, "KeyType": kind} for name, kind in pairs]


@pytest.fixture(scope="module", params=BOTH)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("engine")
    started = _start(request.param, folder)
    found = Running(request.param, folder, started, dynamodb_client(started.endpoint))
    try:
        _make_table(found.client)
        yield found
    finally:
        found.engine.child.kill()


def together(work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


def test_eight_concurrent_buyers_never_sell_more_than_the_stock(running: Running) -> None:
    running.write(put("stock", kept=STOCK), put("sold", taken=0))

    def buy(_: int) -> int:
        bought = 0
        for _ in range(TIMES):
            try:
                take = add("stock", "kept", -1, "kept >= :least")
                take["Update"]["ExpressionAttributeValues"][":least"] = {"N": "1"}
                running.write(take, add("sold", "taken", 1))
                bought += 1
            except running.client.exceptions.TransactionCanceledException:
                continue
        return bought

    assert sum(together(buy)) == STOCK
    assert (running.number("stock", "kept"), running.number("sold", "taken")) == (0, STOCK)


def test_nobody_reads_half_a_transaction(running: Running) -> None:
    running.write(put("left", n=500), put("right", n=500))
    stop, torn = threading.Event(), []

    def read() -> None:
        gets = [{"Get": {"TableName": TABLE, "Key": key(name)}} for name in ("left", "right")]
        while not stop.is_set():
            answer = running.client.transact_get_items(TransactItems=gets)["Responses"]
            sums = sum(int(each["Item"]["n"]["N"]) for each in answer)
            if sums != 1000:
                torn.append(sums)

    reader = threading.Thread(target=read)
    reader.start()

    def move(n: int) -> None:
        for _ in range(TIMES):
            running.write(add("left", "n", -n), add("right", "n", n))

    together(move)
    stop.set()
    reader.join()
    assert torn == []


def test_a_refused_transaction_gives_its_reasons_and_writes_nothing(running: Running) -> None:
    running.write(put("there", n=1))
    refused = put("there", n=2)
    refused["Put"] |= {
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    with pytest.raises(ClientError) as failure:
        running.write(put("new", n=1), refused, add("nowhere", "n", 1))
    response: dict[str, Any] = {**failure.value.response}
    reasons = response["CancellationReasons"]
    assert [each["Code"] for each in reasons] == ["None", *["ConditionalCheckFailed"] * 2]
    assert reasons[1]["Item"]["n"] == {"N": "1"}
    assert (running.number("new", "n"), running.number("there", "n")) == (None, 1)


def test_a_repeated_transaction_has_one_effect(running: Running) -> None:
    running.write(put("token", n=0))
    for _ in range(2):
        running.write(add("token", "n", 1), ClientRequestToken="one")
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        running.write(add("token", "n", 2), ClientRequestToken="one")
    assert running.number("token", "n") == 1


def test_a_local_index_has_answered_writes_in_numeric_order(
    running: Running,
) -> None:
    written = [9, 10, -1, 100, 0]
    for n in written:
        running.write(put("index", str(n), n=n))
        found = running.client.query(
            TableName=TABLE,
            IndexName="by_n",
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "index"}},
        )
        assert str(n) in [each["n"]["N"] for each in found["Items"]]
    assert [int(each["n"]["N"]) for each in found["Items"]] == sorted(written)


def test_a_stream_has_each_change_once_in_order_and_resumes_after_any(running: Running) -> None:
    before = len(running.records())
    running.write(put("streamed", n=0))

    def count(_: int) -> None:
        for _ in range(TIMES):
            running.write(add("streamed", "n", 1))

    together(count)
    told = running.records()[before:]
    after = [int(each["NewImage"]["n"]["N"]) for each in told]
    assert after == list(range(THREADS * TIMES + 1))
    assert [int(each["OldImage"]["n"]["N"]) for each in told[1:]] == after[:-1]
    numbers = [int(each["SequenceNumber"]) for each in told]
    assert numbers == sorted(set(numbers))
    assert running.records(told[7]["SequenceNumber"]) == told[8:]


def test_answered_writes_survive_sigkill_whole_and_the_stream_continues(
    running: Running,
) -> None:
    answered: list[str] = []

    def write(thread: int) -> None:
        for n in range(10_000):
            sk = f"{thread}-{n}"
            try:
                running.write(put("one", sk, n=n), put("other", sk, n=n))
            except (ClientError, BotoCoreError):
                return
            answered.append(sk)
            if len(answered) == THREADS * TIMES:
                running.engine.child.kill()

    together(write)
    running.start_again()
    halves = [
        {each["sk"]["S"] for page in pages for each in page["Items"]}
        for pages in (_pages(running.client, pk) for pk in ("one", "other"))
    ]
    # DynamoDB Local answers a write a moment before it commits: the last one may be gone, whole.
    assert len(set(answered) - halves[0]) <= (1 if running.kind is DYNAMODB_LOCAL else 0)
    assert halves[0] == halves[1]
    last = running.records()[-1]["SequenceNumber"]
    running.write(put("afterwards", n=1))
    assert [each["Keys"] for each in running.records(last)] == [key("afterwards")]


def _pages(client: Any, pk: str) -> Any:
    return client.get_paginator("query").paginate(
        TableName=TABLE,
        ConsistentRead=True,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": pk}},
    )


@needs_dynoxide
def test_dynoxide_finds_stream_records_by_its_indexes(tmp_path: Path) -> None:
    started = _start(DYNOXIDE, tmp_path)
    started.child.kill()
    with sqlite3.connect(tmp_path / "data" / DYNOXIDE.file) as database:
        order, of_shard = "CAST(sequence_number AS INTEGER)", "AND shard_id = 'its'"
        where = "FROM _stream_records WHERE table_name = 'one'"
        for asked, used in (
            (f"MAX({order}) {where}", "INDEX jifen_stream_order"),
            (f"* {where} {of_shard} AND {order} > 7 ORDER BY {order}", "INDEX jifen_shard_order"),
            (f"MAX(sequence_number) {where} {of_shard}", "COVERING INDEX jifen_shard_order"),
        ):
            [*_, plan] = database.execute(f"EXPLAIN QUERY PLAN SELECT {asked}").fetchone()
            assert f"USING {used} (" in plan
    assert not (tmp_path / "data" / DYNAMODB_LOCAL.file).exists()
