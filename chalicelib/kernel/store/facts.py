"""Facts: events that a relay publishes to one topic, with an SQS queue for each consumer.

Each context declares its types of facts in its `facts`. On the wire a fact is
{id, type, version, occurred_at, data}; `data` is of the shape that its type declares. A shape only
ever grows, by fields with defaults, and its version grows with it: an older reader leaves out what
it does not know, a newer one fills in what is not there. What cannot grow so is another type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Unavailable

MAX_BATCH = 10
# Source: Amazon SNS, errors of PublishBatch that may be about the messages themselves.
_UNFIT = {"BatchRequestTooLong", "InvalidParameter", "ParameterValueInvalid", "ValidationException"}


class FactData(msgspec.Struct, frozen=True, omit_defaults=True):
    """What facts of one type tell. A field that is not set is not sent.

    An internal one is an errand between parts of the mall: nobody outside is sent it.
    """

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1
    IS_INTERNAL: ClassVar[bool] = False


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
    """The topic will never take a fact of the call: by its size, or by what it holds."""


@cache
def _sns() -> Any:
    import boto3
    from botocore.config import Config

    # A call that hangs would take the relay's minute, and the whole batch with it.
    return boto3.client("sns", config=Config(connect_timeout=1, read_timeout=5))


def publish(facts: Sequence[Fact[Any]]) -> None:
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
