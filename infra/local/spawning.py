"""Asks the nursery for a process; the caller does not load the application."""

import socket

FORKED, ITSELF = b"f", b"i"


def spawn(control: socket.socket) -> socket.socket:
    """Ask for a worker: the connection on which it says its process id first, once it is there.

    While no nursery runs, what is asked waits for the next one. A nursery that dies with it
    ends the connection.

    Raises OSError.
    """
    return _ask(control, FORKED)


def enter(control: socket.socket) -> socket.socket:
    """Ask the nursery to be the worker itself: the workers after it share what it has loaded.

    It forks none until this connection ends.

    Raises OSError.
    """
    return _ask(control, ITSELF)


def _ask(control: socket.socket, word: bytes) -> socket.socket:
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(control, [word], [theirs.fileno()])
    return ours
