"""A Python part of the stack as a fork of this process: it shares what is loaded here."""

import contextlib
import gc
import importlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

# Loaded before the first fork. Pages that no process writes to are in memory once.
_SHARED = (
    "boto3",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.x509",
    "werkzeug.serving",
    "infra.local.gateway",
    "infra.local.messaging.server",
    "infra.local.nursery",
    "infra.local.pumps",
    "infra.local.stripe.server",
)
_ASKED_TO_STOP = {signal.SIGINT, signal.SIGTERM}
_LOOK_S = 0.01
_FIRST_OWN = 3


@dataclass(frozen=True)
class Part:
    """`main` of a module with its arguments."""

    module: str
    arguments: tuple[Any, ...]

    def run(self) -> None:
        """Run it until it returns."""
        importlib.import_module(self.module).main(*self.arguments)


def load_shared() -> None:
    """Load what several parts need, and let no collection write to it."""
    gc.disable()
    for name in _SHARED:
        importlib.import_module(name)
    gc.freeze()
    gc.enable()


class Fork:
    """A forked process, with the methods of `subprocess.Popen` that the stack uses."""

    def __init__(
        self,
        part: Part,
        log: BinaryIO,
        *,
        environment: Mapping[str, str],
        descriptors: Sequence[int],
        folder: Path | None,
        first_call: Callable[[], None] | None,
    ) -> None:
        """Fork it: it prints to `log`, and `descriptors` alone stay open in it."""
        self.returncode: int | None = None
        environment = dict(environment)
        sys.stdout.flush()
        # A signal to stop is for the process that gets it: the fork has no handler of its own yet.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _ASKED_TO_STOP)
        try:
            self.pid = os.fork()
            if self.pid == 0:
                _live(part, log.fileno(), environment, descriptors, folder, first_call)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def poll(self) -> int | None:
        """The exit code, negative for a signal's number; None while it runs."""
        return self._reap(os.WNOHANG)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises TimeoutError.
        """
        if timeout is not None:
            deadline = time.monotonic() + timeout
            while self.poll() is None:
                if time.monotonic() > deadline:
                    raise TimeoutError
                time.sleep(_LOOK_S)
        code = self._reap(0)
        assert code is not None
        return code

    def _reap(self, options: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


def _live(
    part: Part,
    log: int,
    environment: Mapping[str, str],
    descriptors: Sequence[int],
    folder: Path | None,
    first_call: Callable[[], None] | None,
) -> NoReturn:
    """Be the part; never return into the code that forked."""
    code = 1
    try:
        if first_call is not None:
            first_call()
        _part_from_parent(log, descriptors)
        os.environ.clear()
        os.environ.update(environment)
        if folder is not None:
            os.chdir(folder)
        _name(part.module)
        part.run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(code)


def _part_from_parent(log: int, descriptors: Sequence[int]) -> None:
    """Take over no session, signal handler, output or open file of the parent's."""
    # An inherited object that is collected would close a descriptor that is another's by then.
    gc.freeze()
    os.setsid()
    for number in _ASKED_TO_STOP:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ASKED_TO_STOP)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    first = _FIRST_OWN
    for kept in sorted(descriptors):
        os.closerange(first, kept)
        first = kept + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX"))
    # The parent's may be a test's, or hold lines that it has not written yet.
    sys.stdout, sys.stderr = (os.fdopen(each, "w", buffering=1, closefd=False) for each in (1, 2))


def _name(module: str) -> None:
    """Give the process the part's name in `ps -o comm` and `top`, where the system can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(module.removeprefix("infra.local."))
