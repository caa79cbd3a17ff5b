"""The process that feeds streams, queues and schedules to the application's functions."""

import json
import os
import signal
import socket
import socketserver
import sys
import threading
import time
from typing import Any

from infra.local import functions, schedules, tether
from infra.local.checkpoints import Checkpoints
from infra.local.clock import ProgramClock
from infra.local.control import Refused
from infra.local.errors import FunctionFailed
from infra.local.functions import QueueSource, Schedule, StreamSource
from infra.local.invoking import Invoker
from infra.local.queue_api import kept
from infra.local.queues import QueuePump
from infra.local.resources import client
from infra.local.settings import ACCOUNT_ID, Settings, from_environment
from infra.local.streams import StreamPump
from infra.local.stripe import asking
from infra.local.template import load
from infra.local.timeouts import TimeOuts

_DRAIN_S, _LAST_LOOK_S = 60.0, 5.0
_STABLE_LOOKS = 2
_STOP_S = 1.0


class Pumps:
    """All sources of one stack."""

    def __init__(self, settings: Settings, control: socket.socket) -> None:
        """Take the nursery's control socket; the supervisor has listed the made resources."""
        made = json.loads((settings.home / "stack.json").read_text())
        template = load(settings.template)
        template.refs |= made["refs"]
        template.attributes |= made["attributes"]
        self._stop = threading.Event()
        self._clock = ProgramClock(settings.home)
        self._invoker = Invoker(control, self._clock, TimeOuts(template))
        registered = self._invoker.call(
            "infra.local.registered:registered", {"application": settings.app}
        )
        found = functions.sources(registered, template)
        self._scheduled = [each for each in found if isinstance(each, Schedule)]
        self._streams = self._stream_pumps(found, settings, made["aws_endpoints"])
        aws = made["aws_endpoints"]["sqs"]
        queues = [each for each in found if isinstance(each, QueueSource)]
        self._queues = [
            QueuePump(each, f"{aws}/{ACCOUNT_ID}/{each.queue}", aws, self._invoker, self._stop)
            for each in queues
            for _ in range(each.concurrency)
        ]
        self._aws: str = aws
        self._stripe_api: str = made["stripe_api"]

    def _stream_pumps(
        self, found: list[functions.Source], settings: Settings, endpoints: dict[str, str]
    ) -> list[StreamPump]:
        checkpoints = Checkpoints(settings.checkpoints)

        def park(bucket: str, key: str, body: bytes) -> None:
            # Seldom needed, and a client takes as much memory as all else here.
            s3 = client("s3", endpoints["s3"])
            s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")

        return [
            StreamPump(each, endpoints["dynamodb"], checkpoints, self._invoker, park, self._stop)
            for each in found
            if isinstance(each, StreamSource)
        ]

    def start(self) -> None:
        """Start every thread."""
        scheduler = schedules.Scheduler(self._scheduled, self._run_now, self._stop)
        for thread in (*self._streams, *self._queues, scheduler):
            thread.start()

    def stop(self) -> None:
        """Let the batches in hand end, for a second; no new one begins.

        Unfinished records stay in their stream or queue until the next start.
        """
        self._stop.set()
        for stream in self._streams:
            stream.hurry()
        deadline = time.monotonic() + _STOP_S
        busy = [each for each in self._queues if not each.is_idle]
        for thread in (*self._streams, *busy):
            thread.join(max(0.0, deadline - time.monotonic()))

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Answer the gateway.

        Raises Refused.
        """
        if question["call"] == "drain":
            return self._drain()
        if question["call"] == "hello":
            return {}
        return self._run(question["function"])

    def _run(self, function: str) -> dict[str, Any]:
        """Raises Refused."""
        known = sorted(each.function for each in self._scheduled)
        if function not in known:
            detail = f"no scheduled function is called {function}; there are: {', '.join(known)}"
            raise Refused(404, "not_found", detail)
        try:
            return {"function": function, "result": self._run_now(function)}
        except FunctionFailed as error:
            raise Refused(500, "function_failed", f"{function}: {error}") from error

    def _run_now(self, function: str) -> Any:
        result = self._invoker.invoke(function, schedules.event(function, self._clock.now()))
        self._invoker.count(function, 1)
        return result

    def _drain(self) -> dict[str, Any]:
        """Wait until all sources are empty; returns the records since the last call.

        It waits for a minute, and then for the end of what runs, which has a time-out of its own.

        Raises Refused.
        """
        if not self._rests_within(_DRAIN_S):
            running = self._invoker.running()
            while running & self._invoker.running():
                time.sleep(0.02)
            if not running or not self._rests_within(_LAST_LOOK_S):
                raise Refused(503, "not_drained", f"still moving after {_DRAIN_S:.0f} s")
        taken = self._invoker.taken()
        self._invoker.forget(taken)
        return {"functions": taken}

    def _rests_within(self, patience_s: float) -> bool:
        deadline, quiet = time.monotonic() + patience_s, 0
        while quiet < _STABLE_LOOKS and time.monotonic() < deadline:
            before, moves = self._invoker.taken(), self._invoker.running()
            moves_on = self._look(time.monotonic(), deadline) or moves or self._invoker.running()
            quiet = 0 if moves_on or self._invoker.taken() != before else quiet + 1
            if not quiet:
                time.sleep(0.02)
        return quiet >= _STABLE_LOOKS

    def _look(self, looked_at: float, deadline: float) -> int:
        """Wait until each stream was empty after `looked_at`; returns the number of other streams,
        queued messages and due webhooks."""
        for pump in self._streams:
            while pump.empty_since < looked_at and time.monotonic() < deadline:
                pump.hurry()
                time.sleep(0.005)
        for queue in self._queues:
            queue.hurry()
        fed = {pump.source.queue for pump in self._queues}
        queued = sum(number for name, number in kept(self._aws).items() if name in fed)
        due: int = asking.ask(self._stripe_api, "waiting")["due"]
        full = sum(pump.empty_since < looked_at for pump in self._streams)
        return full + queued + due


class _Control(socketserver.StreamRequestHandler):
    """One question, one answer."""

    def handle(self) -> None:
        """Read a line, write a line."""
        pumps: Pumps = self.server.pumps  # type: ignore[attr-defined]
        try:
            answer = pumps.answer(json.loads(self.rfile.readline()))
        except Refused as refused:
            answer = {"refused": [refused.status, refused.code, str(refused)]}
        except OSError as error:
            answer = {"refused": [503, "unavailable", str(error)]}
        self.wfile.write(json.dumps(answer).encode() + b"\n")


def _end_with_thread(failure: threading.ExceptHookArgs) -> None:
    """End the process: the supervisor reports an ended process, but not a hanging pump."""
    sys.excepthook(failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback)
    sys.stderr.flush()
    os._exit(1)


def main(listener: int, control: int) -> None:
    """Pump until told to stop; questions come in on a listening socket."""
    tether.hold()
    threading.excepthook = _end_with_thread
    pumps = Pumps(from_environment(), socket.socket(fileno=control))
    server = socketserver.ThreadingTCPServer(("", 0), _Control, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=listener)
    server.daemon_threads = True
    server.pumps = pumps  # type: ignore[attr-defined]
    signal.signal(
        signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start()
    )
    pumps.start()
    server.serve_forever(poll_interval=0.2)
    pumps.stop()
