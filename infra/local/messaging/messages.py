"""A message, and a queue of them in memory: visible ones in order, hidden ones by their time."""

import heapq
import json
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import msgspec

from infra.local.messaging.refusals import bad_receipt

_VISIBILITY_S = "30"


class Message(msgspec.Struct):
    """`attributes` is {name: {"DataType", "StringValue" …}}; times in epoch milliseconds.

    `number` is its place in the journal; `hidden_until` is on the monotonic clock, 0 while the
    message is visible.
    """

    number: int
    id: str
    queue: str
    body: str
    attributes: dict[str, Any]
    sent_ms: int
    receives: int = 0
    first_received_ms: int | None = None
    hidden_until: float = 0.0


def new_message(number: int, queue: str, body: str, attributes: dict[str, Any]) -> Message:
    return Message(number, str(uuid.uuid4()), queue, body, attributes, now_ms())


def now_ms() -> int:
    return int(time.time() * 1000)


class Queue:
    """The messages of one queue."""

    def __init__(self, name: str, arn: str, attributes: dict[str, str]) -> None:
        """Take the attributes as CreateQueue has them: texts, some of JSON."""
        self.name, self.arn, self.attributes = name, arn, attributes
        self.visibility_s = float(attributes.get("VisibilityTimeout", _VISIBILITY_S))
        redrive = json.loads(attributes.get("RedrivePolicy", "{}"))
        self.dead_letters: str | None = redrive.get("deadLetterTargetArn")
        self.most_receives = int(redrive.get("maxReceiveCount", 0))
        self._visible: OrderedDict[str, Message] = OrderedDict()
        self._hidden: dict[str, Message] = {}
        # (until, id); an entry whose message has another time by now is void.
        self._times: list[tuple[float, str]] = []

    def add(self, message: Message, delay_s: float = 0.0) -> None:
        """Put a message at the end, hidden for a while if it is delayed."""
        message.queue = self.name
        message.hidden_until = 0.0
        if delay_s:
            self._hide(message, delay_s)
        else:
            self._visible[message.id] = message

    def take(self) -> Message | None:
        """The oldest visible message, which is not in the queue any more."""
        self._unhide()
        return self._visible.popitem(last=False)[1] if self._visible else None

    def put_in_flight(self, message: Message, visibility_s: float | None) -> None:
        """Count a message that was taken as received, and hide it; 0 seconds leave it visible."""
        message.receives += 1
        message.first_received_ms = message.first_received_ms or now_ms()
        self._hide(message, self.visibility_s if visibility_s is None else visibility_s)

    def remove(self, receipt: str) -> Message | None:
        """Take the message of a receipt away; None where that was done before.

        Raises Refused.
        """
        key = _id_of(receipt)
        found = self._hidden.pop(key, None)
        return self._visible.pop(key, None) if found is None else found

    def change_visibility(self, receipt: str, visibility_s: float) -> None:
        """Hide a received message for so long from now.

        Raises Refused.
        """
        found = self._hidden.pop(_id_of(receipt), None)
        if found is not None:
            self._hide(found, visibility_s)

    def clear(self) -> list[Message]:
        """Take every message away."""
        gone = [*self._visible.values(), *self._hidden.values()]
        self._visible.clear()
        self._hidden.clear()
        self._times.clear()
        return gone

    def counts(self) -> tuple[int, int]:
        """How many messages are visible, and how many are not."""
        self._unhide()
        return len(self._visible), len(self._hidden)

    def due_at(self) -> float | None:
        """When the next hidden message becomes visible, on the monotonic clock."""
        self._unhide()
        return self._times[0][0] if self._times else None

    def drain_visible(self) -> Iterator[Message]:
        """Take each message that is visible now."""
        for _ in range(self.counts()[0]):
            yield self._visible.popitem(last=False)[1]

    def _hide(self, message: Message, seconds: float) -> None:
        if seconds <= 0:
            message.hidden_until = 0.0
            self._visible[message.id] = message
            return
        message.hidden_until = time.monotonic() + seconds
        self._hidden[message.id] = message
        heapq.heappush(self._times, (message.hidden_until, message.id))

    def _unhide(self) -> None:
        now = time.monotonic()
        while self._times:
            until, key = self._times[0]
            message = self._hidden.get(key)
            is_void = message is None or message.hidden_until != until
            if not is_void and until > now:
                return
            heapq.heappop(self._times)
            if message is not None and not is_void:
                del self._hidden[key]
                message.hidden_until = 0.0
                self._visible[key] = message


def receipt_of(message: Message) -> str:
    """A receipt of the last time that the message was handed out."""
    return f"{message.id}.{message.receives}"


def _id_of(receipt: str) -> str:
    """Raises Refused."""
    key, dot, number = receipt.rpartition(".")
    if not dot or not number.isdecimal():
        raise bad_receipt(receipt)
    return key
