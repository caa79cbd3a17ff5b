"""SQS queues: sending to one; handlers of each message for itself, failures one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.failures import is_expected, tell
from chalicelib.kernel.observe import count
from chalicelib.kernel.store.facts import Fact, fact_of


def consume(event: dict[str, Any], handle: Callable[[Fact], None]) -> dict[str, Any]:
    """Handle each fact of a batch; a failed one comes back after the visibility time-out.

    Queues are unordered, so a failure does not stop the others. A message that only waits
    comes back, too, and is not counted as a failure.
    """
    failures = []
    for record in event["Records"]:
        try:
            handle(fact_of(record["body"]))
        except Exception as error:
            tell("a message failed", error, message_id=record["messageId"])
            if not is_expected(error):
                count("MessageFailed", queue=record.get("eventSourceARN", "unknown"))
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


@cache
def _sqs() -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client("sqs", config=Config(connect_timeout=1, read_timeout=5))


def send(queue_url: str, fact: Fact) -> None:
    """Hand a fact to one consumer, at least once.

    Raises Unavailable.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _sqs().send_message(QueueUrl=queue_url, MessageBody=msgspec.json.encode(fact).decode())
    except (BotoCoreError, ClientError) as error:
        raise Unavailable() from error
