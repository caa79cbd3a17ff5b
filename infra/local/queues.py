"""Feeds functions from SQS as Lambda does: batches, partial failures, visible again, redrive."""

import threading
from typing import Any

from infra.local.errors import FunctionFailed
from infra.local.functions import QueueSource
from infra.local.invoking import Invoker
from infra.local.queue_api import QueueApi, QueueError
from infra.local.settings import REGION

_AFTER_ERROR_S = 1.0
_POLL_S, _MOST = 20, 10
# As long as somebody at this machine waits for a batch to gather.
_LONGEST_WINDOW_S = 2
# Seconds until a message that failed so many times is tried again.
_HIDDEN_S = (0, 0, 1, 1, 2, 3, 5)

Message = dict[str, Any]


class QueuePump(threading.Thread):
    """A thread that feeds one function from one queue; a queue may have several of them."""

    def __init__(
        self, source: QueueSource, url: str, endpoint: str, invoker: Invoker, stop: threading.Event
    ) -> None:
        """Take the queue's settings, its URL, where it is, and what runs the function."""
        super().__init__(name=source.function, daemon=True)
        self.source = source
        self._url, self._api = url, QueueApi(endpoint)
        self._invoker, self._stop_asked = invoker, stop
        self._hurry = threading.Event()
        self.is_idle = True

    def hurry(self) -> None:
        """Wait for no more messages of a batch."""
        self._hurry.set()

    def run(self) -> None:
        """Take messages until told to stop; a running poll is then abandoned."""
        while not self._stop_asked.is_set():
            try:
                self._take()
            except (QueueError, OSError) as error:
                print(f"{self.name} cannot read its queue: {error}", flush=True)
                self._stop_asked.wait(_AFTER_ERROR_S)

    def _take(self) -> None:
        """Wait for messages, and deal with one batch."""
        self.is_idle = True
        messages = self._receive(_POLL_S, self.source.batch_size)
        self.is_idle = False
        if messages and self.source.window_s:
            messages += self._more(self.source.batch_size - len(messages))
        # Messages not handed out before a stop are visible again at the next start.
        if not messages or self._stop_asked.is_set():
            return
        failed = self._failed(messages)
        self._remove([each for each in messages if each["MessageId"] not in failed])
        self._show([each for each in messages if each["MessageId"] in failed])
        self._invoker.count(self.name, len(messages) - len(failed))

    def _more(self, room: int) -> list[Message]:
        """What else has come at the end of the window of the source, while the batch has room."""
        self._hurry.clear()
        self._hurry.wait(min(self.source.window_s, _LONGEST_WINDOW_S))
        found: list[Message] = []
        while room > len(found) and (more := self._receive(0, room - len(found))):
            found += more
        return found

    def _receive(self, wait_s: int, most: int) -> list[Message]:
        """Raises QueueError, OSError."""
        asked = {
            "MaxNumberOfMessages": min(most, _MOST),
            "WaitTimeSeconds": wait_s,
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        }
        messages: list[Message] = self._call("ReceiveMessage", **asked).get("Messages", [])
        return messages

    def _failed(self, messages: list[Message]) -> set[str]:
        """Run the function; returns the ids of the failed messages."""
        every = {message["MessageId"] for message in messages}
        event = {"Records": [self._record(message) for message in messages]}
        try:
            answer = self._invoker.invoke(self.name, event)
        except FunctionFailed as error:
            print(f"{self.name} failed on {len(messages)} messages: {error}", flush=True)
            return every
        failures = (answer or {}).get("batchItemFailures") if isinstance(answer, dict) else None
        if not failures or not self.source.reports_failures:
            return set()
        named = {failure.get("itemIdentifier") for failure in failures}
        # Lambda takes an answer that names a message it never sent for a failure of all.
        return named if named <= every else every

    def _record(self, message: Message) -> dict[str, Any]:
        attributes = {
            name: {
                "stringValue": value.get("StringValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": value["DataType"],
            }
            for name, value in message.get("MessageAttributes", {}).items()
        }
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": attributes,
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self.source.arn,
            "awsRegion": REGION,
        }

    def _remove(self, messages: list[Message]) -> None:
        self._batch("DeleteMessageBatch", messages, [{}] * len(messages))

    def _show(self, messages: list[Message]) -> None:
        """Make messages visible again, later each time, until the redrive takes them."""
        received = [int(each["Attributes"]["ApproximateReceiveCount"]) for each in messages]
        hidden = [_HIDDEN_S[min(times, len(_HIDDEN_S)) - 1] for times in received]
        asked = [{"VisibilityTimeout": seconds} for seconds in hidden]
        self._batch("ChangeMessageVisibilityBatch", messages, asked)

    def _batch(self, operation: str, messages: list[Message], asked: list[dict[str, int]]) -> None:
        """Raises QueueError, OSError."""
        for start in range(0, len(messages), _MOST):
            part = slice(start, start + _MOST)
            entries = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"], **more}
                for number, (message, more) in enumerate(
                    zip(messages[part], asked[part], strict=True)
                )
            ]
            if failed := self._call(operation, Entries=entries).get("Failed"):
                raise QueueError(f"{operation}: {failed}")

    def _call(self, operation: str, **asked: Any) -> dict[str, Any]:
        """Raises QueueError, OSError."""
        return self._api.call(operation, {"QueueUrl": self._url, **asked})
