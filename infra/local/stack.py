"""Runs a whole stack in a process of its own, for tests, the demo and the measurements."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from infra.local import tether
from infra.local.errors import StackError
from infra.local.settings import REPOSITORY

_READY = "Jifen is ready: "
_READY_S = 180.0
_STOP_S = 30.0


class Stack:
    """A stack on a data folder and a free port; it can be killed and started again.

    It builds and serves no pages unless the environment says so.
    """

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None) -> None:
        """Take the data folder and what to add to the environment."""
        self.home = home
        quiet = {"JIFEN_PORT": "0", "JIFEN_WEB": "0"}
        self._environment = {**quiet, **(environment or {}), "JIFEN_HOME": str(home)}
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Kill it: its data is as good after that as after a stop."""
        self.kill()

    def start(self) -> None:
        """Start it and wait until it is ready.

        Raises StackError with its output.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", "infra.local"],
            cwd=REPOSITORY,
            env={**os.environ, **self._environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A test process that is killed leaves no stack behind.
            preexec_fn=tether.death_signal(),  # noqa: PLW1509
        )
        said = self._listen(self._process)
        if _READY not in said:
            self.kill()
            raise StackError(said.strip() or "the stack said nothing")
        self.url = said.split(_READY)[1].split()[0]

    def stop(self) -> int:
        """Stop it as Ctrl-C does; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(_STOP_S)

    def wait(self) -> tuple[int, str]:
        """Wait for its end; returns the exit code and its last output."""
        assert self._process is not None
        said, _ = self._process.communicate(timeout=_STOP_S)
        return self._process.returncode, said.decode("utf-8", "replace")

    def kill(self) -> None:
        """End every process of it at once, with SIGKILL."""
        if self._process is None:
            return
        pids = self.pids()
        self._process.kill()
        # An earlier run may have left its list behind; those numbers may be anybody's now.
        for pid in pids[1:] if pids[:1] == [self._process.pid] else []:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def made(self) -> dict[str, Any]:
        """What the supervisor made: {url, aws_endpoints, refs, attributes, pids}."""
        found: dict[str, Any] = json.loads((self.home / "stack.json").read_text())
        return found

    def pids(self) -> list[int]:
        """The supervisor and its first children, as far as it has written them down."""
        try:
            return list(self.made()["pids"])
        except FileNotFoundError:
            return []

    def _listen(self, process: subprocess.Popen[bytes]) -> str:
        """Read its output up to the ready line, or its end."""
        assert process.stdout is not None
        deadline, said = time.monotonic() + _READY_S, b""
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while time.monotonic() < deadline and not _is_ready(said):
                if selector.select(timeout=1.0):
                    part = os.read(process.stdout.fileno(), 1 << 16)
                    if not part:
                        break
                    said += part
        return said.decode("utf-8", "replace")


def _is_ready(said: bytes) -> bool:
    found = said.find(_READY.encode())
    return found >= 0 and b"\n" in said[found:]
