"""Loads the application once and forks worker processes from it on demand."""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import sys

from infra.local import tether
from infra.local.worker import Worker, load, meter

_PID_BYTES = 4
# What functions import at their first call: done once here, each worker need not do it again.
_LATER_IMPORTS = (
    "boto3",
    "jwt",
    "phonenumbers",
    "email_validator",
    "aws_lambda_powertools.utilities.parameters",
)


def main(application: str, descriptors: list[int]) -> None:
    """Fork a worker for each socket that comes in over the control sockets, until they close."""
    tether.hold()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    worker = Worker(load(application), meter())
    _warm()
    gc.collect()
    gc.freeze()
    controls = [socket.socket(fileno=descriptor) for descriptor in descriptors]
    with selectors.DefaultSelector() as selector:
        for control in controls:
            selector.register(control, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                if not _fork_for(controls, controls[descriptors.index(key.fd)], worker):
                    selector.unregister(key.fileobj)


def _warm() -> None:
    """Do once what each worker would; no connection is opened, for workers cannot share one."""
    for name in _LATER_IMPORTS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    tables = sys.modules.get("chalicelib.kernel.tables")
    if tables is not None:
        assert tables.connection().client is not None


def _fork_for(controls: list[socket.socket], control: socket.socket, worker: Worker) -> bool:
    """Serve one control socket; False when its other side is gone."""
    word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    if not word:
        return False
    connection = socket.socket(fileno=descriptors[0])
    die_with_parent = tether.death_signal()
    pid = os.fork()
    if pid == 0:
        for each in controls:
            each.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if die_with_parent is not None:
            die_with_parent()
        worker.serve(connection)
        os._exit(0)
    connection.close()
    control.sendall(pid.to_bytes(_PID_BYTES, "big"))
    return True


def spawn(control: socket.socket) -> tuple[socket.socket, int]:
    """Ask for a worker: the connection to it and its process id.

    Raises ConnectionError when the nursery is gone.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(control, [b"w"], [theirs.fileno()])
    answer = control.recv(_PID_BYTES)
    if len(answer) < _PID_BYTES:
        raise ConnectionError("the nursery is gone")
    return ours, int.from_bytes(answer, "big")


if __name__ == "__main__":
    main(sys.argv[1], [int(each) for each in sys.argv[2:]])
