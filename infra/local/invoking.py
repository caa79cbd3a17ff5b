"""Runs functions in worker processes for the pumps, one event at a time in each."""

import contextlib
import os
import queue
import signal
import socket
import threading
import uuid
from collections import Counter
from typing import Any

import msgspec

from infra.local import nursery, wire
from infra.local.clock import ProgramClock
from infra.local.errors import FunctionFailed
from infra.local.worker import FUNCTION_TIMEOUT_S


class Invoker:
    """A number of worker processes, and how many records each function took."""

    def __init__(self, control: socket.socket, count: int, clock: ProgramClock) -> None:
        """Take the nursery's control socket. Raises ConnectionError."""
        self._control = control
        self._clock = clock
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._idle: queue.LifoQueue[tuple[socket.socket, int]] = queue.LifoQueue()
        for _ in range(count):
            self._add()

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Give what the function returned for an event.

        Raises FunctionFailed.
        """
        request_id = str(uuid.uuid4())
        return self._ask(wire.Invocation(function, event, request_id, self._clock.offset_s()))

    def call(self, target: str, arguments: dict[str, Any]) -> Any:
        """Give what the stack's own code returned where the application is loaded.

        Raises FunctionFailed.
        """
        return self._ask(wire.Call(target, arguments, self._clock.offset_s()))

    def count(self, function: str, records: int) -> None:
        """Remember that a function is done with some records."""
        with self._lock:
            self._taken[function] += records

    def taken(self) -> dict[str, int]:
        """Records by function since the last `forget`."""
        with self._lock:
            return dict(self._taken)

    def forget(self, counted: dict[str, int]) -> None:
        """Take away what was told."""
        with self._lock:
            self._taken.subtract(counted)
            self._taken += Counter()

    def _ask(self, message: wire.Message) -> Any:
        connection, pid = self._idle.get()
        try:
            connection.settimeout(FUNCTION_TIMEOUT_S)
            connection.sendall(wire.pack(message))
            outcome = msgspec.msgpack.decode(wire.read(connection), type=wire.Outcome)
        except OSError as error:
            self._end(connection, pid)
            reason = "it took too long" if isinstance(error, TimeoutError) else "its process died"
            raise FunctionFailed(reason) from error
        self._idle.put((connection, pid))
        if outcome.error is not None:
            raise FunctionFailed(outcome.error)
        return outcome.result

    def _end(self, connection: socket.socket, pid: int) -> None:
        connection.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self._add()

    def _add(self) -> None:
        with self._lock:
            self._idle.put(nursery.spawn(self._control))
