"""SQS's calls in its JSON protocol.

Source: Amazon SQS API reference.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from infra.local.messaging.bodies import MOST_BYTES, MOST_ENTRIES, body_of, size_of
from infra.local.messaging.broker import Broker
from infra.local.messaging.messages import Message, Queue, now_ms, receipt_of
from infra.local.messaging.move_tasks import MoveTasks
from infra.local.messaging.refusals import Refused, bad_batch, bad_parameter, no_action
from infra.local.settings import ACCOUNT_ID

Params = dict[str, Any]
Answer = dict[str, Any]


class Poll(NamedTuple):
    """A ReceiveMessage that waits for a message, `wait_s` at most."""

    queue: str
    wait_s: float
    asked: Params


class Sqs:
    """Answers calls; `address` is where queues' URLs begin."""

    def __init__(self, broker: Broker, address: str) -> None:
        self._broker, self._address = broker, address
        self._tasks = MoveTasks(broker)
        self._calls: dict[str, Callable[[Params], Answer | Poll]] = {
            "CreateQueue": self._create,
            "GetQueueUrl": lambda asked: self._url_of(self._broker.named(asked["QueueName"])),
            "ListQueues": self._list,
            "GetQueueAttributes": self._attributes,
            "PurgeQueue": self._purge,
            "SendMessage": lambda asked: self._send(self._queue(asked), asked),
            "SendMessageBatch": self._send_batch,
            "ReceiveMessage": self._poll,
            "DeleteMessage": lambda asked: self._delete(self._queue(asked), asked),
            "DeleteMessageBatch": lambda asked: self._each(asked, self._delete),
            "ChangeMessageVisibility": lambda asked: self._hide(self._queue(asked), asked),
            "ChangeMessageVisibilityBatch": lambda asked: self._each(asked, self._hide),
            "StartMessageMoveTask": self._start_move,
            "ListMessageMoveTasks": self._list_moves,
            "CancelMessageMoveTask": self._cancel_move,
        }

    def answer(self, call: str, content: bytes) -> Answer | Poll:
        """Do a call; returns a Poll when the answer must wait for a message.

        Raises Refused.
        """
        known = self._calls.get(call)
        if known is None:
            raise no_action(call)
        return known(body_of(call, content))

    def received(self, asked: Params) -> Answer:
        """Answer ReceiveMessage with the visible messages.

        Raises Refused.
        """
        most = asked.get("MaxNumberOfMessages", 1)
        found = self._broker.receive(self._queue(asked), most, asked.get("VisibilityTimeout"))
        return {"Messages": [_shown(message, asked) for message in found]} if found else {}

    def _poll(self, asked: Params) -> Answer | Poll:
        wait_s = asked.get("WaitTimeSeconds", 0)
        answer = self.received(asked)
        if answer or not wait_s:
            return answer
        return Poll(self._queue(asked).name, wait_s, asked)

    def _queue(self, asked: Params) -> Queue:
        """Raises Refused."""
        return self._broker.named(asked.get("QueueUrl", "").rpartition("/")[2])

    def _create(self, asked: Params) -> Answer:
        try:
            made = self._broker.make(asked["QueueName"], asked.get("Attributes", {}))
        except (ValueError, TypeError, AttributeError) as error:
            raise bad_parameter(f"Attributes: {error}") from error
        return self._url_of(made)

    def _url_of(self, queue: Queue) -> Answer:
        return {"QueueUrl": f"{self._address}/{ACCOUNT_ID}/{queue.name}"}

    def _list(self, asked: Params) -> Answer:
        prefix = asked.get("QueueNamePrefix", "")
        names = sorted(name for name in self._broker.names() if name.startswith(prefix))
        return {"QueueUrls": [f"{self._address}/{ACCOUNT_ID}/{name}" for name in names]}

    def _attributes(self, asked: Params) -> Answer:
        queue = self._queue(asked)
        visible, hidden = queue.counts()
        known = {
            **queue.attributes,
            "QueueArn": queue.arn,
            "ApproximateNumberOfMessages": str(visible),
            "ApproximateNumberOfMessagesNotVisible": str(hidden),
            "ApproximateNumberOfMessagesDelayed": "0",
        }
        names = set(asked.get("AttributeNames", []))
        return {"Attributes": {k: v for k, v in known.items() if names & {k, "All"}}}

    def _purge(self, asked: Params) -> Answer:
        self._broker.purge(self._queue(asked))
        return {}

    def _send(self, queue: Queue, asked: Params) -> Answer:
        body, attributes = asked["MessageBody"], asked.get("MessageAttributes", {})
        if size_of(body, attributes) > MOST_BYTES:
            raise bad_parameter(f"A message has {MOST_BYTES} bytes at most.")
        sent = self._broker.send(queue, body, attributes, asked.get("DelaySeconds", 0))
        return {"MessageId": sent.id, "MD5OfMessageBody": _md5(body)}

    def _send_batch(self, asked: Params) -> Answer:
        sizes = (
            size_of(entry["MessageBody"], entry.get("MessageAttributes", {}))
            for entry in asked.get("Entries", [])
        )
        if sum(sizes) > MOST_BYTES:
            raise bad_batch("BatchRequestTooLong", f"A batch has {MOST_BYTES} bytes at most.")
        return self._each(asked, self._send)

    def _delete(self, queue: Queue, asked: Params) -> Answer:
        self._broker.delete(queue, asked["ReceiptHandle"])
        return {}

    def _hide(self, queue: Queue, asked: Params) -> Answer:
        queue.change_visibility(asked["ReceiptHandle"], asked["VisibilityTimeout"])
        self._broker.wake(queue)
        return {}

    def _each(self, asked: Params, act: Callable[[Queue, Params], Answer]) -> Answer:
        """Do each entry of a batch on its own."""
        queue, entries = self._queue(asked), asked.get("Entries", [])
        check_batch([entry["Id"] for entry in entries], MOST_ENTRIES)
        answer: Answer = {"Successful": [], "Failed": []}
        for entry in entries:
            try:
                done = act(queue, entry)
            except Refused as refused:
                told = {"Code": refused.code, "Message": refused.message, "SenderFault": True}
                answer["Failed"].append({"Id": entry["Id"], **told})
            else:
                answer["Successful"].append({"Id": entry["Id"], **done})
        return answer

    def _start_move(self, asked: Params) -> Answer:
        rate = asked.get("MaxNumberOfMessagesPerSecond")
        started = self._tasks.start(asked["SourceArn"], asked.get("DestinationArn"), rate)
        return {"TaskHandle": started}

    def _list_moves(self, asked: Params) -> Answer:
        return {"Results": self._tasks.of(asked["SourceArn"], asked.get("MaxResults", 1))}

    def _cancel_move(self, asked: Params) -> Answer:
        self._tasks.cancel(asked["TaskHandle"])
        return {"ApproximateNumberOfMessagesMoved": 0}


def check_batch(ids: Sequence[str], most: int) -> None:
    """Raises Refused."""
    if not ids:
        raise bad_batch("EmptyBatchRequest", "The batch has no entries.")
    if len(ids) > most:
        raise bad_batch("TooManyEntriesInBatchRequest", f"A batch has {most} entries at most.")
    if len(set(ids)) < len(ids):
        raise bad_batch("BatchEntryIdsNotDistinct", "Two entries have the same Id.")


def _shown(message: Message, asked: Params) -> Answer:
    shown: Answer = {
        "MessageId": message.id,
        "ReceiptHandle": receipt_of(message),
        "Body": message.body,
        "MD5OfBody": _md5(message.body),
    }
    system = {
        "SenderId": ACCOUNT_ID,
        "SentTimestamp": str(message.sent_ms),
        "ApproximateReceiveCount": str(message.receives),
        "ApproximateFirstReceiveTimestamp": str(message.first_received_ms or now_ms()),
    }
    wanted = asked.get("MessageSystemAttributeNames") or asked.get("AttributeNames", [])
    names = set(wanted)
    if chosen := {k: v for k, v in system.items() if names & {k, "All"}}:
        shown["Attributes"] = chosen
    names = set(asked.get("MessageAttributeNames", []))
    if own := {k: v for k, v in message.attributes.items() if names & {k, "All", ".*"}}:
        shown["MessageAttributes"] = own
    return shown


def _md5(body: str) -> str:
    return hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
