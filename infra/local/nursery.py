"""Loads the application once and forks worker processes from it on demand."""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from infra.local import spawning, tether, wire
from infra.local.worker import Worker, load, meter

# Modules that functions import at their first call: loaded once here for all workers.
_LATER_IMPORTS = (
    "boto3",
    "jwt",
    "phonenumbers",
    "email_validator",
    "aws_lambda_powertools.utilities.parameters",
    "cryptography.hazmat.primitives.ciphers.aead",
    "encodings.gb18030",
    "chalicelib.catalog.actions.indexing",
)
# Clients that functions make and keep, of a few MB each: made before the fork, workers share them.
_LATER_CLIENTS = (
    ("chalicelib.kernel.secrets", "_provider"),
    ("chalicelib.kernel.senders", "_client", "sns"),
    ("chalicelib.kernel.store.facts", "_sns"),
    ("chalicelib.catalog.tables.published", "_s3"),
)


def main(application: str, descriptors: list[int]) -> None:
    """Give each socket that comes in over the control sockets a worker, until they close."""
    tether.hold()
    signal.signal(signal.SIGCHLD, _reap)
    # A collection frees objects among those that stay: workers would fill these gaps, each in a
    # copy of its own of the page.
    gc.disable()
    worker = Worker(load(application), meter())
    _warm()
    gc.freeze()
    controls = [socket.socket(fileno=descriptor) for descriptor in descriptors]
    with selectors.DefaultSelector() as selector:
        for control in controls:
            selector.register(control, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                if not _answer(controls, controls[descriptors.index(key.fd)], worker):
                    selector.unregister(key.fileobj)


def _reap(*_: object) -> None:
    """Reap ended workers: their processor time counts as ours."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _warm() -> None:
    """Prepare for all workers; open no connection, since workers cannot share one."""
    for name in _LATER_IMPORTS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for module, name, *arguments in _LATER_CLIENTS:
        if module in sys.modules:
            client = getattr(sys.modules[module], name)(*arguments)
            assert client is not None
    connection = getattr(sys.modules.get("chalicelib.kernel.store.tables"), "connection", None)
    if connection is not None:
        assert connection().client is not None


def _answer(controls: list[socket.socket], control: socket.socket, worker: Worker) -> bool:
    """Serve one control socket; False when its other side is gone."""
    word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    if not word:
        return False
    with socket.socket(fileno=descriptors[0]) as connection:
        if word == spawning.ITSELF:
            _work_here(connection, worker)
        else:
            _fork_for(connection, controls, worker)
    return True


def _work_here(connection: socket.socket, worker: Worker) -> None:
    """Work as a worker does: those to come share the code that has run and what it has made."""
    gc.enable()
    _work(connection, worker)
    _end_connections()
    gc.collect()
    gc.disable()
    gc.freeze()


def _end_connections() -> None:
    """Shut this process's connections down, since workers cannot share one.

    A client looks whether a connection has ended before it sends on it, and opens another.
    """
    for descriptor in [int(each.name) for each in Path("/dev/fd").iterdir()]:
        # The descriptor by which the folder was listed is gone.
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                with socket.socket(fileno=os.dup(descriptor)) as found:
                    if found.family != socket.AF_UNIX:
                        found.shutdown(socket.SHUT_RDWR)


def _fork_for(connection: socket.socket, controls: list[socket.socket], worker: Worker) -> None:
    die_with_parent = tether.death_signal()
    # Where no process can be made, who asked hears it by the end of the connection, and asks again.
    with contextlib.suppress(BlockingIOError):
        if os.fork() == 0:
            for each in controls:
                each.close()
            _live(connection, worker, die_with_parent)


def _live(
    connection: socket.socket, worker: Worker, die_with_parent: Callable[[], None] | None
) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    gc.enable()
    if die_with_parent is not None:
        die_with_parent()
    _work(connection, worker)
    os._exit(0)


def _work(connection: socket.socket, worker: Worker) -> None:
    with contextlib.suppress(ConnectionError):
        connection.sendall(os.getpid().to_bytes(wire.PID_BYTES, "big"))
        worker.serve(connection)
