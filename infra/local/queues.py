"""Feeds functions from SQS as Lambda does: batches, partial failures, visible again, redrive."""

import json
import threading
import time
import urllib.request
from typing import Any
from urllib.parse import urlencode

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws_paths import WAITING
from infra.local.errors import FunctionFailed
from infra.local.functions import QueueSource
from infra.local.invoking import Invoker
from infra.local.settings import REGION

_AFTER_ERROR_S = 1.0
_LOOK_AGAIN_S = 0.05
# Seconds until a message that failed so many times is tried again.
_HIDDEN_S = (0, 0, 1, 1, 2, 3, 5)

Message = dict[str, Any]


class QueuePump(threading.Thread):
    """A thread that feeds one function from one queue; a queue may have several of them."""

    def __init__(
        self, source: QueueSource, sqs: Any, invoker: Invoker, stop: threading.Event
    ) -> None:
        """Take the queue's settings, a client and what runs the function."""
        super().__init__(name=source.function, daemon=True)
        self.source = source
        self._sqs = sqs
        self._url = self._sqs.get_queue_url(QueueName=source.queue)["QueueUrl"]
        self._invoker, self._stop_asked = invoker, stop
        self.arrived = threading.Event()
        self.is_idle = True

    def run(self) -> None:
        """Take messages whenever some arrive, until told to stop."""
        while not self._stop_asked.is_set():
            self.is_idle = True
            self.arrived.wait()
            self.is_idle = False
            self.arrived.clear()
            try:
                while not self._stop_asked.is_set() and self._take():
                    pass
            except (BotoCoreError, ClientError) as error:
                print(f"{self.name} cannot read its queue: {error}", flush=True)
                self._stop_asked.wait(_AFTER_ERROR_S)

    def _take(self) -> int:
        """Deal with one batch; the number of its messages."""
        messages: list[Message] = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(self.source.batch_size, 10),
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if messages:
            failed = self._failed(messages)
            self._remove([each for each in messages if each["MessageId"] not in failed])
            self._show([each for each in messages if each["MessageId"] in failed])
            self._invoker.count(self.name, len(messages) - len(failed))
        return len(messages)

    def _failed(self, messages: list[Message]) -> set[str]:
        """Run the function; the ids of the messages that it did not deal with."""
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
        if messages:
            self._sqs.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                    for number, message in enumerate(messages)
                ],
            )

    def _show(self, messages: list[Message]) -> None:
        """Make messages visible again, later each time, until the redrive takes them."""
        for message in messages:
            received = int(message["Attributes"]["ApproximateReceiveCount"])
            self._sqs.change_message_visibility(
                QueueUrl=self._url,
                ReceiptHandle=message["ReceiptHandle"],
                VisibilityTimeout=_HIDDEN_S[min(received, len(_HIDDEN_S)) - 1],
            )


class Watcher(threading.Thread):
    """A thread that wakes the pumps of queues in which a message waits."""

    def __init__(self, pumps: list[QueuePump], endpoint: str, stop: threading.Event) -> None:
        """Take the pumps and where the AWS server is."""
        super().__init__(name="watcher", daemon=True)
        self._pumps, self._stop_asked = pumps, stop
        names = urlencode([("queue", name) for name in {pump.source.queue for pump in pumps}])
        self._url = f"{endpoint}{WAITING}?{names}"

    def run(self) -> None:
        """Watch until told to stop; then let every pump see it."""
        while not self._stop_asked.is_set():
            try:
                visible = self._look(self._url)["visible"]
            except OSError as error:
                print(f"the queues cannot be watched: {error}", flush=True)
                self._stop_asked.wait(_AFTER_ERROR_S)
                continue
            for name in visible:
                self._wake_one(name)
            if visible:
                time.sleep(_LOOK_AGAIN_S)
        for pump in self._pumps:
            pump.arrived.set()

    def _wake_one(self, queue: str) -> None:
        """Where all that read the queue are busy, the first that is done will look by itself."""
        for pump in self._pumps:
            if pump.source.queue == queue and pump.is_idle and not pump.arrived.is_set():
                pump.arrived.set()
                return

    def kept(self) -> int:
        """How many messages the queues hold, visible or not.

        Raises OSError.
        """
        counts: dict[str, int] = self._look(f"{self._url}&now=1")["kept"]
        return sum(counts.values())

    def _look(self, url: str) -> dict[str, Any]:
        with urllib.request.urlopen(url, timeout=10) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found
