"""SQS's message move tasks: dead letters go back to the queue they came from.

Source: SQS API reference, StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask.
"""

import uuid
from typing import Any

from infra.local.messaging.broker import Broker
from infra.local.messaging.messages import Queue, now_ms
from infra.local.messaging.refusals import bad_parameter, no_resource, not_supported

_KEPT = 10
COMPLETED = "COMPLETED"


class MoveTasks:
    """Tasks by the ARN of their source, the newest first; each is done before it is answered."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._tasks: dict[str, list[dict[str, Any]]] = {}

    def start(self, source_arn: str, destination_arn: str | None, rate: int | None) -> str:
        """Move the messages of a dead-letter queue; returns the task's handle.

        Raises Refused.
        """
        source = self._known(source_arn, "SourceArn")
        feeders = self._broker.feeding(source)
        if not feeders:
            raise bad_parameter("Source queue must be configured as a Dead Letter Queue.")
        named = destination_arn and self._known(destination_arn, "DestinationArn")
        moved = self._broker.move(source, named or feeders[0])
        handle = str(uuid.uuid4())
        task: dict[str, Any] = {
            "TaskHandle": handle,
            "Status": COMPLETED,
            "SourceArn": source_arn,
            "ApproximateNumberOfMessagesMoved": moved,
            "ApproximateNumberOfMessagesToMove": moved,
            "StartedTimestamp": now_ms(),
        }
        task |= {"DestinationArn": destination_arn} if destination_arn else {}
        task |= {"MaxNumberOfMessagesPerSecond": rate} if rate else {}
        self._tasks[source_arn] = [task, *self._tasks.get(source_arn, [])][:_KEPT]
        return handle

    def of(self, source_arn: str, at_most: int) -> list[dict[str, Any]]:
        """The tasks of a queue.

        Raises Refused.
        """
        self._known(source_arn, "SourceArn")
        # Only a running task can be cancelled, so only its handle is listed.
        tasks = self._tasks.get(source_arn, [])[:at_most]
        return [{k: v for k, v in task.items() if k != "TaskHandle"} for task in tasks]

    def cancel(self, handle: str) -> None:
        """Raises Refused: every started task is over."""
        known = [t for tasks in self._tasks.values() for t in tasks if t["TaskHandle"] == handle]
        if not known:
            raise no_resource("Task does not exist.")
        raise not_supported("Only active tasks can be cancelled.")

    def _known(self, arn: str, name: str) -> Queue:
        found = self._broker.with_arn(arn)
        if found is None:
            raise no_resource(
                f"The resource that you specified for the {name} parameter doesn't exist."
            )
        return found
