"""Facts: events that a relay publishes to one topic, with an SQS queue for each consumer.

Each context declares its types of facts in its `facts`. On the wire a fact is
{id, type, version, occurred_at, data}; `data` is of the shape that its type declares. A shape only
ever grows, by fields with defaults, and its version grows with it: an older reader leaves out what
it does not know, a newer one fills in what is not there. What cannot grow so is another type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Unavailable

# Source: Amazon SNS, PublishBatch: entries of a call, and bytes of them together.
MAX_BATCH, MAX_BATCH_BYTES = 10, 262_144
# Source: Amazon SNS, errors of PublishBatch that may be about the messages themselves.
_UNFIT = {"BatchRequestTooLong", "InvalidParameter", "ParameterValueInvalid", "ValidationException"}


# The attribute of messages that no inbox waits for.
ERRAND = "errand"


class FactData(msgspec.Struct, frozen=True, omit_defaults=True):
    """What facts of one type tell. A field that is not set is not sent.

    An internal one is an errand between parts of the mall: nobody outside is sent it, and no
    member unless it `IS_NEWS`, too. `ATTRIBUTES` are the message attributes beside `type`, each
    with the field of text that it repeats: a subscription's filter reads attributes alone.
    """

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1
    IS_INTERNAL: ClassVar[bool] = False
    IS_NEWS: ClassVar[bool] = False
    ATTRIBUTES: ClassVar[Mapping[str, str]] = {}


D = TypeVar("D")
Shape = TypeVar("Shape", bound=FactData)


class Fact(msgspec.Struct, Generic[D], frozen=True):
    """`id` is the same whenever the same fact is published; `occurred_at` is RFC 3339.

    `version` is that of the shape of `data`; the first release sent none.
    """

    id: str
    type: str
    occurred_at: str
    data: D
    version: int = 1

    @staticmethod
    def of(fact_id: str, occurred_at: str, data: Shape) -> Fact[Shape]:
        return Fact(fact_id, data.TYPE, occurred_at, data, data.VERSION)


Handlers = Mapping[type[FactData], Callable[[Fact[Any]], None]]


class UnknownFact(Exception):
    """A message is of a type that its consumer does not handle: a newer release may."""


class FactRefused(Exception):
    """The topic will never take a fact, by its size or by what it holds; `sent` went out first."""

    def __init__(self, said: str, sent: int = 0) -> None:
        super().__init__(said)
        self.sent = sent


class NotTaken(Exception):
    """The topic did not take a fact now; `sent` of those before it went out."""

    def __init__(self, code: str, sent: int) -> None:
        super().__init__(code)
        self.sent = sent


def sent_before(error: BaseException) -> int:
    """How many of the facts of a call to `publish` are out, from the first on, when it failed."""
    told = error if isinstance(error, FactRefused) else error.__cause__
    return told.sent if isinstance(told, FactRefused | NotTaken) else 0


@cache
def _sns() -> Any:
    from chalicelib.kernel.transport import client

    # A call that hangs would take the relay's minute, and the whole batch with it.
    return client("sns", connect_timeout=1, read_timeout=5)


def publish(facts: Sequence[Fact[Any]]) -> None:
    """Send facts to the stage's topic, in order, as many a call as it takes.

    Raises Unavailable if one was not taken: publish again from it on, consumers are idempotent;
    FactRefused if another try cannot end otherwise. `sent_before` tells how many went out.
    """
    sent = 0
    for entries in _batches(facts):
        _publish_batch(entries, sent)
        sent += len(entries)


def attributes_of(fact: Fact[Any]) -> dict[str, str]:
    """The message attributes of a fact, which filters of subscriptions read.

    States before 2026-11-29 sent `type` alone, so a filter lets pass a fact without the others.
    """
    told = fact.data
    made = {"type": fact.type} | {
        name: getattr(told, field) for name, field in told.ATTRIBUTES.items()
    }
    if told.IS_INTERNAL and not told.IS_NEWS:
        made[ERRAND] = "yes"
    return made


def _batches(facts: Sequence[Fact[Any]]) -> Iterator[list[dict[str, Any]]]:
    """The entries of each call."""
    entries: list[dict[str, Any]] = []
    size = 0
    for fact in facts:
        message = msgspec.json.encode(fact)
        attributes = attributes_of(fact)
        # With its attributes: a name, a type and a value each.
        bytes_more = len(message) + sum(
            len(f"{name}String{value}".encode()) for name, value in attributes.items()
        )
        if len(entries) == MAX_BATCH or (entries and size + bytes_more > MAX_BATCH_BYTES):
            yield entries
            entries, size = [], 0
        told = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
        made = {"Id": str(len(entries)), "Message": message.decode()}
        entries.append({**made, "MessageAttributes": told})
        size += bytes_more
    if entries:
        yield entries


def _publish_batch(entries: list[dict[str, Any]], sent: int) -> None:
    """Raises Unavailable, FactRefused."""
    from botocore.exceptions import ClientError

    topic = config().required("facts_topic")
    try:
        answer = _sns().publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    except ClientError as error:
        if _is_unfit(error.response["Error"]):
            raise FactRefused(str(error), sent) from error
        raise
    if failed := answer.get("Failed"):
        # Those behind the first that failed may be out: they come again, and in order.
        first = min(failed, key=lambda entry: int(entry["Id"]))
        code, sent = first.get("Code", ""), sent + int(first["Id"])
        if _is_unfit(first):
            raise FactRefused(code, sent)
        raise Unavailable() from NotTaken(code, sent)


def _is_unfit(refusal: Mapping[str, Any]) -> bool:
    """Whether a refusal is about a message: a wrong ARN or kind of topic has the same codes, and
    is mended in the settings."""
    told = str(refusal.get("Message", "")).lower()
    return refusal.get("Code") in _UNFIT and "topic" not in told


def read_fact(body: str, kinds: Iterable[type[FactData]]) -> Fact[Any] | None:
    """The fact in a queue message's body (raw delivery), its data as its type declares them; None
    if it is of no such type.

    Raises msgspec.MsgspecError if it is no fact, or lacks what its type tells.
    """
    raw = msgspec.json.decode(body, type=Fact[msgspec.Raw])
    kind = next((kind for kind in kinds if raw.type == kind.TYPE), None)
    if kind is None:
        return None
    data = msgspec.json.decode(raw.data, type=kind)
    return Fact(raw.id, raw.type, raw.occurred_at, data, raw.version)


def handle(fact: Fact[Any], handlers: Handlers) -> None:
    """Hand a fact to the handler of its type."""
    handlers[type(fact.data)](fact)
