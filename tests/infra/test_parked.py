"""What Lambda parks on AWS is read as it is; a record is told without what it holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.cli.errors import CommandFailed
from infra.cli.parked import age_of, outline, parcel_of

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


def test_a_record_of_lambdas_names_the_relay_without_the_version_that_ran() -> None:
    parcel = parcel_of(KEY, STORED, json.dumps(WRITTEN).encode())
    assert (parcel.name, parcel.function) == ("2026-11-29T08.00.00-3f2b", ARN)
    assert parcel.reason == "RetryAttemptsExhausted after 9 tries"
    assert parcel.at == datetime(2026, 11, 29, 0, 38, 6, 21_000, UTC)
    assert [each["dynamodb"]["SequenceNumber"] for each in parcel.records] == ["7"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", json.dumps({**WRITTEN, "payload": None}).encode(),
             json.dumps({**WRITTEN, "timestamp": "yesterday"}).encode()]
)  # fmt: skip
def test_an_object_that_lambda_did_not_park_is_named(body: bytes) -> None:
    with pytest.raises(CommandFailed, match=f"{KEY} is no record that Lambda has parked"):
        parcel_of(KEY, STORED, body)


def test_a_record_is_told_by_its_keys_and_the_names_of_what_changed() -> None:
    record = {
        "eventName": "MODIFY",
        "dynamodb": {
            "SequenceNumber": "9",
            "Keys": {"pk": {"S": "mbr_1"}, "sk": {"S": "PROFILE"}},
            "OldImage": {"pk": {"S": "mbr_1"}, "sk": {"S": "PROFILE"}, "nickname": {"S": "李雷"}},
            "NewImage": {"pk": {"S": "mbr_1"}, "sk": {"S": "PROFILE"}, "nickname": {"S": "雷"},
                         "avatar": {"S": "https://a"}},
        },
    }  # fmt: skip
    assert outline(record) == "MODIFY mbr_1 PROFILE (record 9): avatar, nickname"


@pytest.mark.parametrize(
    ("passed", "said"),
    [({"seconds": 5}, "5s"), ({"minutes": 3}, "3m"), ({"hours": 30}, "1d"), ({"hours": 5}, "5h")],
)
def test_an_age_is_told_in_its_largest_unit(passed: dict[str, int], said: str) -> None:
    assert age_of(datetime.now(UTC) - timedelta(**passed)) == said
