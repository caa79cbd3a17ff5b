"""Facts: events that a relay publishes to one topic, with an SQS queue for each consumer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Unavailable

MAX_BATCH = 10
# Source: Amazon SNS, errors of PublishBatch that may be about the messages themselves.
_UNFIT = {"BatchRequestTooLong", "InvalidParameter", "ParameterValueInvalid", "ValidationException"}


class Fact(msgspec.Struct, frozen=True):
    """`id` is the same whenever the same fact is published; `occurred_at` is RFC 3339."""

    id: str
    type: str
    occurred_at: str
    data: dict[str, Any]


class FactRefused(Exception):
    """The topic will never take a fact of the call: by its size, or by what it holds."""


@cache
def _sns() -> Any:
    import boto3
    from botocore.config import Config

    # A call that hangs would take the relay's minute, and the whole batch with it.
    return boto3.client("sns", config=Config(connect_timeout=1, read_timeout=5))


def publish(facts: Sequence[Fact]) -> None:
    """Send facts to the stage's topic, in order, ten a call.

    Raises Unavailable if any of a call was not taken: publish again, consumers are idempotent;
    FactRefused if another try cannot end otherwise.
    """
    for start in range(0, len(facts), MAX_BATCH):
        entries: list[Any] = [
            {
                "Id": str(number),
                "Message": msgspec.json.encode(fact).decode(),
                "MessageAttributes": {"type": {"DataType": "String", "StringValue": fact.type}},
            }
            for number, fact in enumerate(facts[start : start + MAX_BATCH])
        ]
        _publish_batch(entries)


def _publish_batch(entries: list[Any]) -> None:
    """Raises Unavailable, FactRefused."""
    from botocore.exceptions import ClientError

    topic = config().required("facts_topic")
    try:
        answer = _sns().publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    except ClientError as error:
        if _is_unfit(error.response["Error"]):
            raise FactRefused(str(error)) from error
        raise
    unfit = {failed["Code"] for failed in answer.get("Failed", []) if _is_unfit(failed)}
    if unfit:
        raise FactRefused(", ".join(sorted(unfit)))
    if answer.get("Failed"):
        raise Unavailable()


def _is_unfit(refusal: Mapping[str, Any]) -> bool:
    """Whether a refusal is about a message: a wrong ARN or kind of topic has the same codes, and
    is mended in the settings."""
    told = str(refusal.get("Message", "")).lower()
    return refusal.get("Code") in _UNFIT and "topic" not in told


def fact_of(body: str) -> Fact:
    """The fact in a queue message's body (raw delivery)."""
    return msgspec.convert(json.loads(body), Fact)
