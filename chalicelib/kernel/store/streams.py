"""Handlers of DynamoDB Streams: records in order, stopping at the first that an outage fails.

Lambda replays from the record that is reported; going on past it would apply later ones twice.
A record that can never be applied is parked, so that it does not hold its shard for half a day.
Source: AWS Lambda, "Reporting batch item failures" for Kinesis and DynamoDB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from chalice.app import DynamoDBEvent

from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.failures import tell
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.settings import MissingSetting
from chalicelib.kernel.store.facts import MAX_BATCH, Fact, FactRefused, publish, sent_before
from chalicelib.kernel.store.parking import park

# The function's own troubles: its settings, its package, its memory, those that it asks.
_NOT_THE_RECORDS = (Unavailable, MissingSetting, ImportError, MemoryError)


class Change(NamedTuple):
    """One item's change: images in DynamoDB's typed JSON, None where there was no item; when the
    stream took it, in epoch seconds by the machine's clock.
    """

    sequence_number: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    at_s: int = 0

    @property
    def keys(self) -> tuple[str, str]:
        image = self.after or self.before or {}
        return image["pk"]["S"], image["sk"]["S"]


def changes(event: dict[str, Any]) -> Iterator[Change]:
    for record in event["Records"]:
        body = record["dynamodb"]
        at_s = int(body.get("ApproximateCreationDateTime", 0))
        yield Change(body["SequenceNumber"], body.get("OldImage"), body.get("NewImage"), at_s)


def relay(event: DynamoDBEvent, to_facts: Callable[[Change], list[Fact[Any]]]) -> dict[str, Any]:
    """Publish the facts of each change, in order; the answer tells where Lambda must resume.

    Facts go out MAX_BATCH at a time; when a call fails, resume at the first change not yet out.
    A change that can never be told is parked, and those behind it go on.
    """
    batch = event.to_dict()
    parking_place = _ParkingPlace(batch, event.context)
    waiting: list[tuple[Change, list[Fact[Any]]]] = []
    for change in changes(batch):
        try:
            waiting.append((change, to_facts(change)))
        except Exception as error:
            logger().exception("a stream record cannot be read", sequence=change.sequence_number)
            # The facts before it go out first: a batch that comes again begins behind them.
            unsent = _send(waiting, parking_place)
            if unsent is None and not parking_place.takes(change, error):
                unsent = change
            if unsent is not None:
                return _resume_at(unsent, batch)
            waiting = []
    unsent = _send(waiting, parking_place)
    return {"batchItemFailures": []} if unsent is None else _resume_at(unsent, batch)


def follow(event: DynamoDBEvent, write: Callable[[list[Change]], None]) -> dict[str, Any]:
    """Write what the changes of a batch ask for, together; the answer tells where Lambda must
    resume.

    `write` may be given any of them again. If they fail by what they hold, each is written alone,
    and those that can never be written are parked.
    """
    batch = event.to_dict()
    seen = list(changes(batch))
    try:
        write(seen)
    except Exception as error:
        tell("changes were not followed", error, count=len(seen))
        left = _write_singly(seen, write, batch, event.context) if is_its_own(error) else seen[0]
        if left is not None:
            return _resume_at(left, batch)
    return {"batchItemFailures": []}


def _write_singly(
    seen: list[Change], write: Callable[[list[Change]], None], batch: dict[str, Any], context: Any
) -> Change | None:
    """The first change that was neither written nor parked, if any."""
    parking_place = _ParkingPlace(batch, context)
    for change in seen:
        try:
            write([change])
        except Exception as error:
            if not parking_place.takes(change, error):
                return change
    return None


def _resume_at(change: Change, batch: dict[str, Any]) -> dict[str, Any]:
    count("RelayStopped", stream=batch["Records"][0].get("eventSourceARN", "unknown"))
    return {"batchItemFailures": [{"itemIdentifier": change.sequence_number}]}


def _send(
    waiting: list[tuple[Change, list[Fact[Any]]]], parking_place: _ParkingPlace
) -> Change | None:
    """The first change whose facts did not go out, if any."""
    facts = [(change, fact) for change, made in waiting for fact in made]
    for start in range(0, len(facts), MAX_BATCH):
        part = facts[start : start + MAX_BATCH]
        try:
            publish([fact for _, fact in part])
        except Exception as error:
            left = part[sent_before(error) :]
            tell("facts were not published", error, count=len(left))
            unsent = _send_singly(left, parking_place) if is_its_own(error) else left[0][0]
            if unsent is not None:
                return unsent
    return None


def _send_singly(
    part: list[tuple[Change, Fact[Any]]], parking_place: _ParkingPlace
) -> Change | None:
    """Find the change whose fact nobody takes, among those that were refused together."""
    for change, fact in part:
        try:
            publish([fact])
        except Exception as error:
            tell("a fact was not published", error, sequence=change.sequence_number)
            if not parking_place.takes(change, error):
                return change
    return None


class _ParkingPlace:
    """Where changes of a batch go that fail by themselves."""

    def __init__(self, batch: dict[str, Any], context: Any) -> None:
        self._records = {each["dynamodb"]["SequenceNumber"]: each for each in batch["Records"]}
        self._context = context

    def takes(self, change: Change, error: Exception) -> bool:
        """Whether a change is parked now: an outage's is not, nor one that the bucket refuses."""
        if not is_its_own(error):
            return False
        try:
            key = park(self._records[change.sequence_number], self._context)
        except Exception:
            logger().exception("a record was not parked", sequence=change.sequence_number)
            return False
        logger().error("a record was parked", key=key, reason=type(error).__name__)
        count("RecordParked", stage=config().stage)
        return True


def is_its_own(error: BaseException) -> bool:
    """Whether a record fails by its content, so that no retry can succeed.

    Whatever AWS says on the way, such as that it is busy, that a key may not be read or that a
    topic is not there, passes or is mended without the record.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, FactRefused):
        return True
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, (BotoCoreError, ClientError, *_NOT_THE_RECORDS)):
            return False
        cause = cause.__cause__
    return True


def source_arn(context: str) -> str:
    """A table's stream, as Chalice's decorator wants it: infra/resources.yaml puts the real one.

    A stream's label is known only once its table stands, so no constant can be right.
    """
    return f"arn:aws:dynamodb:us-east-1:123456789012:table/{config().table(context)}/stream/any"
