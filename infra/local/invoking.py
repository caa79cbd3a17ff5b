"""Runs functions in worker processes for the pumps, one event at a time in each."""

import contextlib
import os
import queue
import signal
import socket
import threading
import time
import uuid
from collections import Counter
from typing import Any, NamedTuple

import msgspec

from infra.local import spawning, wire
from infra.local.clock import ProgramClock
from infra.local.errors import FunctionFailed
from infra.local.timeouts import TimeOuts

# As many as are busy are there, as in Lambda; so many stay for the next events.
_KEPT = 4
_SPAWN_S, _SPAWN_TRIES, _AGAIN_S = 30.0, 5, 0.1
_CALL_S = 60.0


class _Worker(NamedTuple):
    connection: socket.socket
    pid: int

    def is_alive(self) -> bool:
        """Whether the other side is there: one that is idle says nothing until it is asked."""
        self.connection.setblocking(False)
        try:
            self.connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False


class Invoker:
    """Worker processes that come when none is idle, and how many records each function took.

    No function waits for another: a source that is slow or stuck keeps its own process alone.
    """

    def __init__(self, control: socket.socket, clock: ProgramClock, timeouts: TimeOuts) -> None:
        """Take the nursery's control socket, and how long each function may run."""
        self._control = control
        self._clock, self._timeouts = clock, timeouts
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._running: set[str] = set()
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue(_KEPT)

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """The result of the function for an event.

        Raises FunctionFailed.
        """
        timeout_s = self._timeouts.of(function)
        request_id, offset_s = str(uuid.uuid4()), self._clock.offset_s()
        with self._lock:
            self._running.add(request_id)
        try:
            invocation = wire.Invocation(function, event, request_id, offset_s, timeout_s)
            return self._ask(invocation, timeout_s)
        finally:
            with self._lock:
                self._running.remove(request_id)

    def call(self, target: str, arguments: dict[str, Any]) -> Any:
        """The result of the stack's own code where the application is loaded.

        Raises FunctionFailed.
        """
        return self._ask(wire.Call(target, arguments, self._clock.offset_s()), _CALL_S)

    def count(self, function: str, records: int) -> None:
        """Count records that a function has handled."""
        with self._lock:
            self._taken[function] += records

    def taken(self) -> dict[str, int]:
        """Records by function since the last `forget`."""
        with self._lock:
            return dict(self._taken)

    def running(self) -> set[str]:
        """The ids of the invocations that are under way."""
        with self._lock:
            return set(self._running)

    def forget(self, counted: dict[str, int]) -> None:
        """Drop these counts."""
        with self._lock:
            self._taken.subtract(counted)
            self._taken += Counter()

    def _ask(self, message: wire.Message, timeout_s: float) -> Any:
        worker = self._living()
        try:
            worker.connection.settimeout(timeout_s)
            worker.connection.sendall(wire.pack(message))
            outcome = msgspec.msgpack.decode(wire.read(worker.connection), type=wire.Outcome)
        except TimeoutError as error:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)
            worker.connection.close()
            raise FunctionFailed(f"it took more than {timeout_s:.0f} s") from error
        except OSError as error:
            worker.connection.close()
            raise FunctionFailed("its process died") from error
        self._keep(worker)
        if outcome.error is not None:
            raise FunctionFailed(outcome.error)
        return outcome.result

    def _living(self) -> _Worker:
        """An idle worker, or a new one.

        Raises FunctionFailed.
        """
        with contextlib.suppress(queue.Empty):
            while True:
                worker = self._idle.get_nowait()
                if worker.is_alive():
                    return worker
                worker.connection.close()
        for _ in range(_SPAWN_TRIES):
            try:
                connection = spawning.spawn(self._control)
                connection.settimeout(_SPAWN_S)
                return _Worker(connection, wire.read_pid(connection))
            except OSError:
                # The nursery died with it, or could make no process: another one may.
                time.sleep(_AGAIN_S)
        raise FunctionFailed("no process can be had for it")

    def _keep(self, worker: _Worker) -> None:
        try:
            self._idle.put_nowait(worker)
        except queue.Full:
            worker.connection.close()
