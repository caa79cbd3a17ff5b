"""SQS's message move tasks, which moto lacks: dead letters go back to the queue they came from.

Source: SQS API reference, StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask; and
"Configuring a dead-letter queue redrive": a message that is moved is new, with an id, a time of
sending and a count of receives of its own.
"""

import uuid
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import unix_time_millis
from moto.sqs.models import Queue
from moto.sqs.responses import SQSResponse

from infra.local.journal import Journal

_KEPT = 10
COMPLETED = "COMPLETED"


class _NoSuchResource(ServiceException):
    code = "ResourceNotFoundException"


class _BadParameter(ServiceException):
    code = "InvalidParameterValue"


class _NotSupported(ServiceException):
    code = "AWS.SimpleQueueService.UnsupportedOperation"


class MoveTasks:
    """Tasks by the ARN of their source, the newest first; each is done before it is answered."""

    def __init__(self, journal: Journal, queues: Callable[[], dict[str, Queue]]) -> None:
        self._journal, self._queues = journal, queues
        self._tasks: dict[str, list[dict[str, Any]]] = {}

    def start(self, source_arn: str, destination_arn: str | None, rate: int | None) -> str:
        """Move what is in a dead-letter queue; the task's handle.

        Raises ServiceException.
        """
        source = self._known(source_arn, "SourceArn")
        feeders = [each for each in self._queues().values() if each.dead_letter_queue is source]
        if not feeders:
            raise _BadParameter("Source queue must be configured as a Dead Letter Queue.")
        named = destination_arn and self._known(destination_arn, "DestinationArn")
        moved = self._move(source, named or feeders[0])
        handle = str(uuid.uuid4())
        task: dict[str, Any] = {
            "TaskHandle": handle, "Status": COMPLETED, "SourceArn": source_arn,
            "ApproximateNumberOfMessagesMoved": moved, "ApproximateNumberOfMessagesToMove": moved,
            "StartedTimestamp": int(unix_time_millis()),
        }  # fmt: skip
        task |= {"DestinationArn": destination_arn} if destination_arn else {}
        task |= {"MaxNumberOfMessagesPerSecond": rate} if rate else {}
        self._tasks[source_arn] = [task, *self._tasks.get(source_arn, [])][:_KEPT]
        return handle

    def of(self, source_arn: str, at_most: int) -> list[dict[str, Any]]:
        """What was asked for of a queue.

        Raises ServiceException.
        """
        self._known(source_arn, "SourceArn")
        # Only a task that runs can be cancelled, so only that one's handle is told.
        tasks = self._tasks.get(source_arn, [])[:at_most]
        return [{k: v for k, v in task.items() if k != "TaskHandle"} for task in tasks]

    def cancel(self, handle: str) -> None:
        """Raises ServiceException: whatever was started is over."""
        known = [t for tasks in self._tasks.values() for t in tasks if t["TaskHandle"] == handle]
        if not known:
            raise _NoSuchResource("Task does not exist.")
        raise _NotSupported("Only active tasks can be cancelled.")

    def _known(self, arn: str, name: str) -> Queue:
        for queue in self._queues().values():
            if queue.queue_arn == arn:
                return queue
        raise _NoSuchResource(
            f"The resource that you specified for the {name} parameter doesn't exist."
        )

    def _move(self, source: Queue, destination: Queue) -> int:
        there = [each for each in source._messages if each.visible and not each.delayed]
        for message in there:
            source._messages.remove(message)
            self._journal.drop_message(message.id)
            message.id = str(uuid.uuid4())
            message.approximate_receive_count = 0
            message.approximate_first_receive_timestamp = None
            message.mark_sent()
            destination.add_message(message)
        return len(there)


def install(journal: Journal, queues: Callable[[], dict[str, Queue]]) -> None:
    """Let the server answer the three calls."""
    tasks = MoveTasks(journal, queues)

    def start_message_move_task(self: SQSResponse) -> ActionResult:
        source, destination = self._get_param("SourceArn"), self._get_param("DestinationArn")
        rate = self._get_param("MaxNumberOfMessagesPerSecond")
        return ActionResult({"TaskHandle": tasks.start(source, destination, rate)})

    def list_message_move_tasks(self: SQSResponse) -> ActionResult:
        at_most = int(self._get_param("MaxResults") or 1)
        return ActionResult({"Results": tasks.of(self._get_param("SourceArn"), at_most)})

    def cancel_message_move_task(self: SQSResponse) -> ActionResult:
        tasks.cancel(self._get_param("TaskHandle"))
        return ActionResult({"ApproximateNumberOfMessagesMoved": 0})

    for call in (start_message_move_task, list_message_move_tasks, cancel_message_move_task):
        setattr(SQSResponse, call.__name__, call)
