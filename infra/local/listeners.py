"""Sockets that the stack's processes are given to serve on."""

import socket

from infra.local.errors import StackError
from infra.local.settings import HOST


def free() -> socket.socket:
    """One that listens on a free port of this machine."""
    return socket.create_server((HOST, 0))


def bound(port: int) -> socket.socket:
    """One on a given port; it does not listen yet, so that no client waits in vain.

    Raises StackError.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        raise StackError(f"port {port} is in use; choose another with JIFEN_PORT") from error
    return listener


def address(listener: socket.socket) -> str:
    """Where it is served."""
    return f"http://{HOST}:{listener.getsockname()[1]}"
