"""Child processes: each in a group of its own, with a log file, tied to this process."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.local import tether


class Child:
    """One running process of the stack."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        environment: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
        folder: Path | None = None,
    ) -> None:
        """Start `command`; what it prints goes to `log`, `descriptors` stay open in it."""
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self._tether, kept = os.pipe()
        self._kept = kept
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                cwd=folder,
                env={**(environment or os.environ), tether.VARIABLE: str(self._tether)},
                pass_fds=(self._tether, *descriptors),
                start_new_session=True,
                # One libc function, looked up before the fork: safe beside threads.
                preexec_fn=tether.death_signal(),  # noqa: PLW1509
            )
        os.close(self._tether)

    @property
    def pid(self) -> int:
        """The operating system's number of it."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def end(self) -> str | None:
        """How it ended, as a sentence goes on; None while it runs."""
        code = self.exit_code()
        if code is None or code >= 0:
            return None if code is None else f"ended with {code}"
        return f"ended by {signal.Signals(-code).name}"

    def last_words(self) -> str:
        """The last line of its log that says anything."""
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        said = [line.strip() for line in lines[-40:] if line.strip()]
        return said[-1][:300] if said else "it said nothing"

    def stop(self, patience_s: float = 5.0) -> None:
        """Ask it to end, then make it."""
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


def stop_all(children: Sequence[Child], patience_s: float) -> None:
    """Ask all to end at once; those that have not by then are made to."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and any(child.exit_code() is None for child in children):
        time.sleep(0.01)
    for child in children:
        child.kill()
