"""Parks a stream record that can never be applied, as the failure destination of its stream would.

One shape for both, so that ops need to know one: Lambda's invocation record.
Source: AWS Lambda Developer Guide, "Retaining discarded batches" (S3 destinations).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.config import config

CONDITION = "RecordUnreadable"


@cache
def _s3() -> Any:
    import boto3
    from botocore.config import Config

    patience = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 2})
    return boto3.client("s3", config=patience)


def park(record: dict[str, Any], context: Any) -> str:
    """Write one record to the bucket of parked ones; the key, the same however often it is done.

    `context` is what Lambda tells the function about its invocation.

    Raises ClientError, BotoCoreError.
    """
    told, number = record["dynamodb"], record["dynamodb"]["SequenceNumber"]
    arrived = datetime.fromtimestamp(told["ApproximateCreationDateTime"], UTC)
    day, instant = f"{arrived:%Y/%m/%d}", f"{arrived:%Y-%m-%dT%H.%M.%S}"
    key = f"aws/lambda/{context.function_name}/unreadable/{day}/{instant}-{number}"
    body = json.dumps(_invocation(record, _rfc3339(arrived), context)).encode()
    bucket = config().required("parked_bucket")
    _s3().put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    return key


def _invocation(record: dict[str, Any], arrived: str, context: Any) -> dict[str, Any]:
    number = record["dynamodb"]["SequenceNumber"]
    return {
        "requestContext": {
            "requestId": context.aws_request_id,
            "functionArn": context.invoked_function_arn,
            "condition": CONDITION,
            "approximateInvokeCount": 1,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": context.function_version,
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": _rfc3339(clock.machine_now()),
        "DDBStreamBatchInfo": {
            # A function is not told its shard.
            "shardId": "unknown",
            "startSequenceNumber": number,
            "endSequenceNumber": number,
            "approximateArrivalOfFirstRecord": arrived,
            "approximateArrivalOfLastRecord": arrived,
            "batchSize": 1,
            "streamArn": record["eventSourceARN"],
        },
        "payload": json.dumps({"Records": [record]}),
    }


def _rfc3339(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
