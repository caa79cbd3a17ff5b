"""Records parked by Lambda on AWS are read; the commands list a record without its values."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from chalicelib.kernel.parked import outline, parcel_of
from infra.cli import operators, parked
from infra.cli.main import main
from infra.cli.parked import age_of, reason_of

STORED = datetime(2026, 11, 29, 8, tzinfo=UTC)
KEY = "aws/lambda/4a1c/shardId-0001/2026/11/29/2026-11-29T08.00.00-3f2b"
ARN = "arn:aws:lambda:ap-southeast-1:210987654321:function:jifen-prod-OrdersRelay-AbC9"
# Source: AWS Lambda Developer Guide, "Retaining discarded batches", an S3 destination's record.
WRITTEN: dict[str, Any] = {
    "requestContext": {
        "requestId": "316aa6d0", "functionArn": f"{ARN}:$LATEST",
        "condition": "RetryAttemptsExhausted", "approximateInvokeCount": 9,
    },
    "responseContext": {
        "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled",
    },
    "version": "1.0",
    "timestamp": "2026-11-29T00:38:06.021Z",
    "DDBStreamBatchInfo": {"batchSize": 1},
    "payload": json.dumps({"Records": [{"dynamodb": {"SequenceNumber": "7"}}]}),
}  # fmt: skip


def test_a_record_parked_by_lambda_names_its_relay_without_the_version() -> None:
    parcel = parcel_of(KEY, STORED, json.dumps(WRITTEN).encode())
    assert (parcel.name, parcel.function) == ("2026-11-29T08.00.00-3f2b", ARN)
    assert reason_of(parcel) == "RetryAttemptsExhausted after 9 tries"
    assert parcel.at == datetime(2026, 11, 29, 0, 38, 6, 21_000, UTC)
    assert [each["dynamodb"]["SequenceNumber"] for each in parcel.records] == ["7"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        json.dumps({**WRITTEN, "payload": None}).encode(),
        json.dumps({**WRITTEN, "timestamp": "yesterday"}).encode(),
    ],
)
def test_an_object_not_parked_by_lambda_is_reported_by_name(body: bytes) -> None:
    with pytest.raises(ValueError, match=f"{KEY} is no record that Lambda has parked"):
        parcel_of(KEY, STORED, body)


def test_a_record_is_listed_by_its_keys_and_changed_attributes() -> None:
    record = {
        "eventName": "MODIFY",
        "dynamodb": {
            "SequenceNumber": "9",
            "Keys": {"pk": {"S": "mbr_1"}, "sk": {"S": "PROFILE"}},
            "OldImage": {"pk": {"S": "mbr_1"}, "sk": {"S": "PROFILE"}, "nickname": {"S": "李雷"}},
            "NewImage": {
                "pk": {"S": "mbr_1"},
                "sk": {"S": "PROFILE"},
                "nickname": {"S": "雷"},
                "avatar": {"S": "https://a"},
            },
        },
    }
    assert outline(record) == "MODIFY mbr_1 PROFILE (record 9): avatar, nickname"


@pytest.mark.parametrize(("tries", "said"), [(1, "1 try"), (2, "2 tries")])
def test_one_try_is_written_in_the_singular(tries: int, said: str) -> None:
    asked = {**WRITTEN["requestContext"], "approximateInvokeCount": tries}
    parcel = parcel_of(KEY, STORED, json.dumps({**WRITTEN, "requestContext": asked}).encode())
    assert reason_of(parcel) == f"RetryAttemptsExhausted after {said}"


class Shelf:
    """The bucket and the relays: they park the records of `unreadable` numbers anew."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.unreadable: set[str] = set()
        self.acts: list[tuple[Any, ...]] = []

    def get_paginator(self, _name: str) -> Shelf:
        return self

    def paginate(self, **_asked: str) -> list[dict[str, Any]]:
        return [{"Contents": [{"Key": key} for key in self.kept]}, {}]

    def get_object(self, **asked: str) -> dict[str, Any]:
        return {"LastModified": STORED, "Body": BytesIO(self.kept[asked["Key"]])}

    def delete_object(self, **asked: str) -> None:
        del self.kept[asked["Key"]]

    def invoke(self, **asked: str) -> dict[str, Any]:
        for record in json.loads(asked["Payload"])["Records"]:
            if record["dynamodb"]["SequenceNumber"] in self.unreadable:
                self.park(f"again-{len(self.kept)}", record["dynamodb"]["SequenceNumber"])
        # Meanwhile another relay gives up a record that has the same place in its own stream.
        self.park("others", "7", arn=ARN.replace("Orders", "Ledger"))
        return {"Payload": BytesIO(b'{"batchItemFailures": []}')}

    def park(self, name: str, *numbers: str, arn: str = ARN) -> None:
        records = [
            {
                "eventName": "INSERT",
                "dynamodb": {"SequenceNumber": each, "Keys": {"pk": {"S": each}}},
            }
            for each in numbers
        ]
        asked = {**WRITTEN["requestContext"], "functionArn": arn}
        payload = json.dumps({"Records": records})
        written = {**WRITTEN, "requestContext": asked, "payload": payload}
        self.kept[f"aws/lambda/x/{name}"] = json.dumps(written).encode()

    def names(self) -> list[str]:
        return sorted(key.rpartition("/")[2] for key in self.kept)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf()
    monkeypatch.setattr(parked, "_objects", lambda: made)
    monkeypatch.setattr(parked, "_functions", lambda: made)
    monkeypatch.setattr(parked, "_bucket", lambda: "parked")
    monkeypatch.setattr(operators, "record", lambda *act, **after: made.acts.append((*act, after)))
    return made


def test_an_object_not_parked_by_lambda_ends_the_list_with_its_name(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.kept["notes.txt"] = b"remember"
    assert main(["parked", "list"]) == 1
    assert "jifen: notes.txt is no record that Lambda has parked" in capsys.readouterr().err


def test_a_record_that_its_relay_parks_again_counts_as_failed(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.park("night", "6", "7")
    shelf.unreadable = {"7"}
    assert main(["parked", "replay", "night"]) == 1
    said = capsys.readouterr()
    assert said.out == "night: 1 record taken, parked anew as again-1\n"
    assert said.err == "jifen: 1 of 1 failed again and stay parked\n"
    assert shelf.names() == ["again-1", "others"]
    assert main(["parked", "replay", "again-1"]) == 1
    assert capsys.readouterr().out == "again-1: 0 records taken, parked anew as again-2\n"
    shelf.unreadable = set()
    assert main(["parked", "replay", "--all"]) == 0
    said = capsys.readouterr()
    assert sorted(said.out.splitlines()) == ["again-2: 1 record taken", "others: 1 record taken"]


def test_a_hopeless_record_is_dropped_after_a_confirmation(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.park("night", "6", "7")
    shelf.park("day", "8")
    assert main(["parked", "drop", "night"]) == 1
    assert capsys.readouterr().err == "jifen: not at a terminal: add --yes to drop night\n"
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert main(["parked", "drop", "night"]) == 1
    said = capsys.readouterr()
    assert "  INSERT 6 (record 6): nothing" in said.out.splitlines()
    assert said.err == "jifen: night stays\n"
    assert (shelf.names(), shelf.acts) == (["day", "night"], [])
    monkeypatch.setattr("builtins.input", lambda _: "night")
    assert main(["parked", "drop", "nigh"]) == 0
    told = capsys.readouterr().out.splitlines()[-1]
    assert told == "night is dropped: 2 records whose facts are never published"
    assert main(["parked", "drop", "day", "--yes"]) == 0
    assert shelf.names() == []
    assert shelf.acts == [
        ("parked.drop", f"parked:{name}", {"relay": ARN, "records": records})
        for name, records in (("night", 2), ("day", 1))
    ]


@pytest.mark.parametrize(
    ("passed", "said"),
    [({"seconds": 5}, "5s"), ({"minutes": 3}, "3m"), ({"hours": 30}, "1d"), ({"hours": 5}, "5h")],
)
def test_an_age_is_written_in_its_largest_unit(passed: dict[str, int], said: str) -> None:
    assert age_of(datetime.now(UTC) - timedelta(**passed)) == said
