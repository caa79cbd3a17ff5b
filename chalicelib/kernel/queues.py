"""Handlers of SQS queues: each message for itself, failures reported one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.kernel.facts import Fact, fact_of
from chalicelib.kernel.observe import count, logger


def consume(event: dict[str, Any], handle: Callable[[Fact], None]) -> dict[str, Any]:
    """Handle each fact of a batch; a failed one comes back after the visibility time-out.

    Queues are unordered, so a failure does not stop the others.
    """
    failures = []
    for record in event["Records"]:
        try:
            handle(fact_of(record["body"]))
        except Exception:
            logger().exception("a message failed", message_id=record["messageId"])
            count("MessageFailed", queue=record.get("eventSourceARN", "unknown"))
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
