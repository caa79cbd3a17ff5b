"""Parks a stream record that no retry can apply, in the form of the stream's failure destination.

Both have one shape, Lambda's invocation record, so ops learn one.
Source: AWS Lambda Developer Guide, "Retaining discarded batches" (S3 destinations).
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.parked import s3

CONDITION = "RecordUnreadable"


def park(record: dict[str, Any], context: Any) -> str:
    """Write one record to the bucket of parked ones, under a key that is new each time.

    So whoever replays it may delete what was replayed: one that cannot be read yet is parked anew.
    `context` is what Lambda tells the function about its invocation.

    Raises ClientError, BotoCoreError.
    """
    now = clock.machine_now()
    name = f"{now:%Y/%m/%d}/{now:%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"
    key = f"aws/lambda/{context.function_name}/unreadable/{name}"
    body = json.dumps(_invocation(record, _rfc3339(now), context)).encode()
    bucket = config().required("parked_bucket")
    s3().put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    return key


def _invocation(record: dict[str, Any], at: str, context: Any) -> dict[str, Any]:
    told, number = record["dynamodb"], record["dynamodb"]["SequenceNumber"]
    arrived = _rfc3339(datetime.fromtimestamp(told["ApproximateCreationDateTime"], UTC))
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
        "timestamp": at,
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
