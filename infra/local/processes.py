"""Child processes: each in a group of its own, with a log file, tied to this process."""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from infra.local import tether
from infra.local.errors import StackError
from infra.local.forking import Fork, Part


class Child:
    """One running process of the stack."""

    def __init__(
        self,
        name: str,
        command: Sequence[str] | Part,
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
        folder: Path | None = None,
    ) -> None:
        """Start `command`; what it prints goes to `log`, `descriptors` stay open in it.

        A part of ours is forked from this process, which must have no other thread.
        """
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self._tether, kept = os.pipe()
        self._kept = kept
        environment = {**(environment or os.environ), tether.VARIABLE: str(self._tether)}
        descriptors = (self._tether, *descriptors)
        with log.open("ab") as sink:
            self._process = _start(command, sink, environment, descriptors, folder)
        os.close(self._tether)

    @property
    def pid(self) -> int:
        """The operating system's number of it."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def end(self) -> str | None:
        """Its end as the rest of a sentence; None while it runs."""
        code = self.exit_code()
        if code is None or code >= 0:
            return None if code is None else f"ended with {code}"
        return f"ended by {signal.Signals(-code).name}"

    def last_words(self) -> str:
        """The last line of its log that says anything."""
        return self.last_lines(1).strip()[:300] or "it said nothing"

    def last_lines(self, number: int) -> str:
        """The last lines of its log that say anything."""
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        said = [line.rstrip() for line in lines[-40:] if line.strip()]
        return "\n".join(said[-number:])

    def stop(self, patience_s: float = 5.0) -> None:
        """Ask it to end, then kill it."""
        stop_all([self], patience_s)

    def ask_to_stop(self) -> None:
        """Let it, and all that it started, end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and all that it started, now."""
        self._signal(signal.SIGKILL)
        self._process.wait()
        if self._kept >= 0:
            os.close(self._kept)
            self._kept = -1

    def _signal(self, number: signal.Signals) -> None:
        # The group may outlive its leader, so it is signalled even when the leader is gone.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def _start(
    command: Sequence[str] | Part,
    sink: BinaryIO,
    environment: Mapping[str, str],
    descriptors: Sequence[int],
    folder: Path | None,
) -> Fork | subprocess.Popen[bytes]:
    if isinstance(command, Part):
        return Fork(
            command,
            sink,
            environment=environment,
            descriptors=descriptors,
            folder=folder,
            first_call=tether.death_signal(),
        )
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sink,
        stderr=sink,
        cwd=folder,
        env=environment,
        pass_fds=descriptors,
        start_new_session=True,
        # One libc function, looked up before the fork: safe beside threads.
        preexec_fn=tether.death_signal(),  # noqa: PLW1509
    )


def stop_all(children: Sequence[Child], patience_s: float) -> None:
    """Ask all to end, then kill the ones that have not."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and any(child.exit_code() is None for child in children):
        time.sleep(0.01)
    for child in children:
        child.kill()


def apart(act: Callable[[], Any]) -> Any:
    """The result of `act` in a fork of this process, whose memory ends with it.

    Raises what `act` raised, ChildProcessError if the fork ended without a word.
    """
    read, write = os.pipe()
    die_with_parent = tether.death_signal()
    pid = os.fork()
    if pid == 0:
        if die_with_parent is not None:
            die_with_parent()
        with os.fdopen(write, "wb") as sink:
            sink.write(pickle.dumps(_outcome(act)))
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as source:
        said = source.read()
    os.waitpid(pid, 0)
    if not said:
        raise ChildProcessError("a fork ended without a word")
    result, error = pickle.loads(said)  # noqa: S301 - our own fork has written it
    if error is not None:
        raise error
    return result


def _outcome(act: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        return act(), None
    except StackError as error:
        return None, error
    except Exception as error:
        traceback.print_exc()
        sys.stderr.flush()
        return None, ChildProcessError(f"{type(error).__name__}: {error}")
