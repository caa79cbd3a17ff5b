"""Parked records over HTTP: the staff sees keys and names, never values."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from chalicelib.kernel import parked
from chalicelib.kernel.counts import SomeOf
from tests.api import Answer, Api, token
from tests.settings import changed

PATH, BUCKET = "/v1/admin/parked", "jifen-dev-parked"
ARN = "arn:aws:lambda:ap-southeast-1:210987654321:function:jifen-prod-OrdersRelay-AbC9"
RECORD = {
    "eventName": "MODIFY",
    "dynamodb": {
        "SequenceNumber": "9",
        "Keys": {"pk": {"S": "mbr_1"}, "sk": {"S": "PROFILE"}},
        "OldImage": {"pk": {"S": "mbr_1"}, "sk": {"S": "PROFILE"}, "nickname": {"S": "李雷"}},
        "NewImage": {"pk": {"S": "mbr_1"}, "sk": {"S": "PROFILE"}, "nickname": {"S": "雷"}},
    },
}


class Bucket:
    """An S3 client that lists objects by their keys, as S3 does."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.read = 0

    def park(self, name: str) -> None:
        written = {
            "requestContext": {
                "functionArn": f"{ARN}:$LATEST",
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": 9,
            },
            "timestamp": "2026-11-29T00:38:06.021Z",
            "payload": json.dumps({"Records": [RECORD]}),
        }
        self.kept[f"aws/lambda/4a1c/2026/11/29/{name}"] = json.dumps(written).encode()

    def list_objects_v2(self, **asked: Any) -> dict[str, Any]:
        assert asked["Bucket"] == BUCKET
        keys = sorted(key for key in self.kept if key > asked.get("StartAfter", ""))
        found = [{"Key": key} for key in keys[: asked["MaxKeys"]]]
        return {"Contents": found} if found else {}

    def get_object(self, **asked: Any) -> dict[str, Any]:
        self.read += 1
        stored = datetime(2026, 11, 29, 8, tzinfo=UTC)
        return {"LastModified": stored, "Body": BytesIO(self.kept[asked["Key"]])}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    made = Bucket()
    monkeypatch.setattr(parked, "s3", lambda: made)
    monkeypatch.setattr(parked, "config", lambda: changed(parked_bucket=BUCKET))
    return made


def listed(api: Api, query: str = "", role: str = "ops") -> Answer:
    return api.get(PATH + query, as_=token("mbr_staff", role))


def test_a_parked_record_is_shown_by_its_keys_without_its_values(api: Api, bucket: Bucket) -> None:
    assert listed(api).body == {"data": [], "next_cursor": None}
    bucket.park("2026-11-29T00.38.06-3f2b")
    answer = listed(api)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.body["data"] == [
        {
            "name": "2026-11-29T00.38.06-3f2b",
            "relay": "jifen-prod-OrdersRelay-AbC9",
            "reason": "RetryAttemptsExhausted",
            "tries": 9,
            "parked_at": "2026-11-29T00:38:06.021Z",
            "records": ["MODIFY mbr_1 PROFILE (record 9): nickname"],
        }
    ]
    assert "雷" not in json.dumps(answer.body, ensure_ascii=False)


def test_pages_go_on_behind_the_last_name_and_read_no_more_than_they_show(
    api: Api, bucket: Bucket
) -> None:
    for number in range(5):
        bucket.park(f"n{number}")
    names, query = [], "?limit=2"
    while True:
        page = listed(api, query).body
        names.append([each["name"] for each in page["data"]])
        if page["next_cursor"] is None:
            break
        query = f"?limit=2&cursor={page['next_cursor']}"
    assert names == [["n0", "n1"], ["n2", "n3"], ["n4"]]
    assert bucket.read == 5


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?limit=0", "invalid_request"),
        ("?limit=101", "invalid_request"),
        ("?cursor=aHR0cHM6Ly9l", "invalid_cursor"),
        ("?relay=orders", "unknown_field"),
    ],
)
def test_bad_parameters_are_refused_before_anything_is_read(
    api: Api, bucket: Bucket, query: str, code: str
) -> None:
    bucket.park("n0")
    answer = listed(api, query)
    assert (answer.status, answer.body["code"], bucket.read) == (400, code, 0)


def test_an_object_that_nobody_parked_is_named_to_the_staff(api: Api, bucket: Bucket) -> None:
    bucket.kept["notes.txt"] = b"remember"
    answer = listed(api)
    assert (answer.status, answer.body["code"]) == (500, "record_unreadable")
    assert answer.body["key"] == "notes.txt"


def test_a_count_reads_names_alone_and_stops_at_a_hundred(bucket: Bucket) -> None:
    assert parked.count_parked() == SomeOf(0, more=False)
    for number in range(101):
        bucket.park(f"n{number:03}")
    assert parked.count_parked() == SomeOf(100, more=True)
    assert bucket.read == 0
