"""A message server of a test's own, asked by AWS's own client."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.local import listeners
from infra.local.resources import client
from infra.local.settings import REPOSITORY


class Server:
    """A message server in a process of its own, with a queue, its dead letters and a topic."""

    def __init__(self, journal: Path) -> None:
        self._journal, self._number = journal, 0
        self.start()

    def start(self) -> None:
        listener = listeners.free()
        address, descriptor = listeners.address(listener), listener.fileno()
        command = [sys.executable, "-m", "infra.local.messaging.server", str(descriptor)]
        self._process = subprocess.Popen(
            [*command, str(self._journal)], pass_fds=[descriptor], cwd=REPOSITORY
        )
        listener.close()
        self.sqs, self.sns = client("sqs", address), client("sns", address)
        self._make()

    def renew(self) -> None:
        """Use new queues and a new topic."""
        self._number += 1
        self._make()

    def _make(self) -> None:
        name = f"work-{self._number}"
        dead = self.sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        redrive = {"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": "2"}
        attributes = {"VisibilityTimeout": "60", "RedrivePolicy": json.dumps(redrive)}
        self.work = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        self.dead = dead
        self.topic = self.sns.create_topic(Name=name)["TopicArn"]

    def arn(self, url: str) -> str:
        asked = {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
        found: str = self.sqs.get_queue_attributes(**asked)["Attributes"]["QueueArn"]
        return found

    def subscribe(self, url: str, **attributes: str) -> None:
        self.sns.subscribe(
            TopicArn=self.topic, Protocol="sqs", Endpoint=self.arn(url), Attributes=attributes
        )

    def send(self, body: str, **more: Any) -> str:
        sent: str = self.sqs.send_message(QueueUrl=self.work, MessageBody=body, **more)["MessageId"]
        return sent

    def take(self, url: str | None = None, **more: Any) -> list[dict[str, Any]]:
        asked = {
            "QueueUrl": url or self.work,
            "MaxNumberOfMessages": 10,
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
            **more,
        }
        found: list[dict[str, Any]] = self.sqs.receive_message(**asked).get("Messages", [])
        return found

    def bodies(self, url: str | None = None, **more: Any) -> list[str]:
        return [message["Body"] for message in self.take(url, **more)]

    def counts(self, url: str | None = None) -> tuple[int, int]:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        asked = {"QueueUrl": url or self.work, "AttributeNames": names}
        found = self.sqs.get_queue_attributes(**asked)["Attributes"]
        return int(found[names[0]]), int(found[names[1]])

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
