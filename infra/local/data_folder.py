"""The folder that a stack keeps its data in: held by one stack, with a trace of what ended it."""

import contextlib
import fcntl
import json
import os
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.local.errors import StackError
from infra.local.settings import Settings


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the data folder's lock.

    Raises StackError.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StackError(f"another stack runs on the data folder {settings.home}") from error
        yield


def write(file: Path, value: dict[str, Any]) -> None:
    """Write a file as a whole."""
    partial = file.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(value, indent=1))
    partial.rename(file)


def keep_trace(settings: Settings) -> None:
    """Write down the error that is being handled."""
    # The one line reports a full disk or an invalid folder.
    with contextlib.suppress(OSError):
        settings.logs.mkdir(parents=True, exist_ok=True)
        with (settings.logs / "supervisor.log").open("a") as sink:
            traceback.print_exc(file=sink)
