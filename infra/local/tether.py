"""Ties processes to the one that started them: when it is gone, however it went, they go too."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

VARIABLE = "JIFEN_TETHER"
_PR_SET_PDEATHSIG = 1


def death_signal() -> Callable[[], None] | None:
    """Give the first call of a new process, by which Linux kills it with its parent."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def die_with_parent() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return die_with_parent


def hold() -> None:
    """End this process when the pipe that the supervisor holds open closes."""
    descriptor = os.environ.get(VARIABLE)
    if descriptor is None:
        return

    def watch() -> None:
        os.read(int(descriptor), 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="tether").start()
