"""Handlers of DynamoDB Streams: records in order, stopping at the first that fails.

Lambda replays from the record that is reported; going on past it would apply later ones twice.
Source: AWS Lambda, "Reporting batch item failures" for Kinesis and DynamoDB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from chalicelib.kernel.config import config
from chalicelib.kernel.facts import MAX_BATCH, Fact, publish
from chalicelib.kernel.failures import tell
from chalicelib.kernel.observe import count, logger


class Change(NamedTuple):
    """One item's change: images in DynamoDB's typed JSON, None where there was no item."""

    sequence_number: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def keys(self) -> tuple[str, str]:
        image = self.after or self.before or {}
        return image["pk"]["S"], image["sk"]["S"]


def changes(event: dict[str, Any]) -> Iterator[Change]:
    for record in event["Records"]:
        body = record["dynamodb"]
        yield Change(body["SequenceNumber"], body.get("OldImage"), body.get("NewImage"))


def relay(event: dict[str, Any], to_facts: Callable[[Change], list[Fact]]) -> dict[str, Any]:
    """Publish the facts of each change, in order; the answer tells where Lambda must resume.

    Facts go out MAX_BATCH at a time; when a call fails, resume at the first change not yet out.
    """
    waiting: list[tuple[Change, list[Fact]]] = []
    failed: Change | None = None
    for change in changes(event):
        try:
            waiting.append((change, to_facts(change)))
        except Exception:
            logger().exception("a stream record cannot be read", sequence=change.sequence_number)
            failed = change
            break
    unsent = _send(waiting) or failed
    if unsent is None:
        return {"batchItemFailures": []}
    count("RelayStopped", stream=event["Records"][0].get("eventSourceARN", "unknown"))
    return {"batchItemFailures": [{"itemIdentifier": unsent.sequence_number}]}


def _send(waiting: list[tuple[Change, list[Fact]]]) -> Change | None:
    """The first change whose facts did not go out, if any."""
    facts = [(change, fact) for change, made in waiting for fact in made]
    for start in range(0, len(facts), MAX_BATCH):
        part = facts[start : start + MAX_BATCH]
        try:
            publish([fact for _, fact in part])
        except Exception as error:
            tell("facts were not published", error, count=len(part))
            return part[0][0]
    return None


def source_arn(context: str) -> str:
    """A table's stream, as Chalice's decorator wants it: infra/resources.yaml puts the real one.

    A stream's label is known only once its table stands, so no constant can be right.
    """
    return f"arn:aws:dynamodb:us-east-1:123456789012:table/{config().table(context)}/stream/any"
