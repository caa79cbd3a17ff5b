"""The bodies of SQS's calls, typed. A malformed body is refused before its call changes anything.

Source: Amazon SQS API reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Required, TypedDict, cast

import msgspec

from infra.local.messaging.refusals import bad_parameter, no_parameter

MOST_ENTRIES, MOST_BYTES = 10, 262_144
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=43_200)]
_Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
_Text = Annotated[str, msgspec.Meta(min_length=1)]


class Attribute(TypedDict, total=False):
    """An attribute of a message."""

    DataType: Required[str]
    StringValue: str
    BinaryValue: str


Attributes = dict[str, Attribute]


class Message(TypedDict, total=False):
    """The parameters of one message, in a call or in an entry of a batch."""

    Id: _Text
    MessageBody: _Text
    MessageAttributes: Attributes
    DelaySeconds: Annotated[int, msgspec.Meta(ge=0, le=900)]
    ReceiptHandle: str
    VisibilityTimeout: _Seconds


class Call(Message, total=False):
    """The parameters of all calls; each call takes some of them."""

    QueueName: _Name
    QueueNamePrefix: str
    QueueUrl: str
    Attributes: dict[str, str]
    AttributeNames: list[str]
    MessageSystemAttributeNames: list[str]
    MessageAttributeNames: list[str]
    MaxNumberOfMessages: Annotated[int, msgspec.Meta(ge=1, le=MOST_ENTRIES)]
    WaitTimeSeconds: Annotated[int, msgspec.Meta(ge=0, le=20)]
    Entries: list[Message]
    SourceArn: str
    DestinationArn: str
    TaskHandle: str
    MaxNumberOfMessagesPerSecond: Annotated[int, msgspec.Meta(ge=1, le=500)]
    MaxResults: Annotated[int, msgspec.Meta(ge=1, le=10)]


# The parameters that a call must have.
_NEEDED = {
    "CreateQueue": ("QueueName",),
    "GetQueueUrl": ("QueueName",),
    "SendMessage": ("MessageBody",),
    "DeleteMessage": ("ReceiptHandle",),
    "ChangeMessageVisibility": ("ReceiptHandle", "VisibilityTimeout"),
    "StartMessageMoveTask": ("SourceArn",),
    "ListMessageMoveTasks": ("SourceArn",),
    "CancelMessageMoveTask": ("TaskHandle",),
}
_BATCH = "Batch"
_decoder = msgspec.json.Decoder(Call)


def body_of(call: str, content: bytes) -> dict[str, Any]:
    """The body of a call, with all parameters that the call needs. Unknown ones are dropped.

    Raises Refused.
    """
    try:
        asked = cast("dict[str, Any]", _decoder.decode(content or b"{}"))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise bad_parameter(str(error)) from error
    if call.endswith(_BATCH):
        for entry in asked.get("Entries", []):
            _check(entry, ("Id", *_NEEDED[call.removesuffix(_BATCH)]))
    else:
        _check(asked, _NEEDED.get(call, ()))
    return asked


def size_of(text: str, attributes: Attributes) -> int:
    """Bytes of a message with its attributes, which count too."""
    beside = (
        len(f"{name}{value['DataType']}{value.get('StringValue', '')}".encode())
        for name, value in attributes.items()
    )
    return len(text.encode()) + sum(beside)


def _check(said: dict[str, Any], needed: Iterable[str]) -> None:
    """Raises Refused."""
    for name in needed:
        if name not in said:
            raise no_parameter(name)
