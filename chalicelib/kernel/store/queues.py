"""SQS queues: sending to one; handlers of each message for itself, failures one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.failures import is_expected, tell
from chalicelib.kernel.observe import count
from chalicelib.kernel.store.facts import Fact, Handlers, UnknownFact, handle, read_fact


def consume(
    event: dict[str, Any], handlers: Handlers, *, hears_all: bool = False
) -> dict[str, Any]:
    """Hand each fact of a batch to the handler of its type; a failed one comes back after the
    visibility time-out.

    Queues are unordered, so a failure does not stop the others. A message that only waits
    comes back, too, and is not counted as a failure. A type that no handler is for is no concern
    of a consumer that `hears_all`. To another it fails: a newer release sent it here to be handled.
    """
    return each_message(event, lambda body: _handle(body, handlers, hears_all))


def each_message(event: dict[str, Any], handle_body: Callable[[str], object]) -> dict[str, Any]:
    """Hand the text of each message of a batch to a handler, as `consume` does."""
    failures = []
    for record in event["Records"]:
        try:
            handle_body(record["body"])
        except Exception as error:
            tell("a message failed", error, message_id=record["messageId"])
            if not is_expected(error):
                count("MessageFailed", queue=record.get("eventSourceARN", "unknown"))
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def _handle(body: str, handlers: Handlers, hears_all: bool) -> None:
    """Raises UnknownFact, msgspec.MsgspecError, whatever its handler raises."""
    fact = read_fact(body, handlers)
    if fact is not None:
        handle(fact, handlers)
    elif not hears_all:
        raise UnknownFact()


@cache
def _sqs() -> Any:
    from chalicelib.kernel.transport import client

    return client("sqs", connect_timeout=1, read_timeout=5)


def send(queue_url: str, fact: Fact[Any]) -> None:
    """Hand a fact to one consumer, at least once.

    Raises Unavailable.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _sqs().send_message(QueueUrl=queue_url, MessageBody=msgspec.json.encode(fact).decode())
    except (BotoCoreError, ClientError) as error:
        raise Unavailable() from error
