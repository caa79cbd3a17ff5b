"""Polls that wait: each is answered by a message, or empty at its end."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from infra.local.messaging.serving import Connection
from infra.local.messaging.sqs import Poll

Answer = dict[str, Any]


class Waiting:
    """A poll, its connection, and its end on the monotonic clock."""

    def __init__(self, poll: Poll, connection: Connection) -> None:
        self.poll, self.connection = poll, connection
        self.end: asyncio.TimerHandle | None = None


class Polls:
    """The polls of each queue, the one that has waited longest first."""

    def __init__(
        self,
        take: Callable[[Poll], Answer],
        due_at: Callable[[str], float | None],
        answer: Callable[[Connection, Answer], None],
        wake_soon: Callable[[str], None],
    ) -> None:
        """Take the callbacks: receive, time of a queue's next message, answer, wake."""
        self._take, self._due_at = take, due_at
        self._answer, self._wake_soon = answer, wake_soon
        self._waiting: dict[str, deque[Waiting]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def add(self, poll: Poll, connection: Connection) -> None:
        """Add a waiting poll."""
        waiting = Waiting(poll, connection)
        self._waiting.setdefault(poll.queue, deque()).append(waiting)
        waiting.end = _later(poll.wait_s, lambda: self._end(waiting))
        self._look_in_time(poll.queue)

    def wait_for(self, queue: str) -> bool:
        """Whether a poll waits for a message of a queue."""
        return bool(self._waiting.get(queue))

    def serve(self, queue: str) -> None:
        """Give visible messages to the waiting polls."""
        others = self._waiting.get(queue, deque())
        while others:
            first = others[0]
            if first.connection.is_lost:
                self._forget(first)
            elif answer := self._take(first.poll):
                self._forget(first)
                self._answer(first.connection, answer)
            else:
                break
        if others:
            self._look_in_time(queue)

    def _end(self, waiting: Waiting) -> None:
        self._forget(waiting)
        self._answer(waiting.connection, {})

    def _forget(self, waiting: Waiting) -> None:
        self._waiting[waiting.poll.queue].remove(waiting)
        if waiting.end is not None:
            waiting.end.cancel()

    def _look_in_time(self, queue: str) -> None:
        """Wake the queue when its next hidden message shows."""
        due_at, timer = self._due_at(queue), self._timers.get(queue)
        if timer is not None:
            timer.cancel()
        if due_at is not None:
            wait_s = max(0.0, due_at - time.monotonic())
            self._timers[queue] = _later(wait_s, lambda: self._wake_soon(queue))


def _later(seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(seconds, act)
