"""Asks the nursery for a worker process; the caller does not load the application."""

import socket


def spawn(control: socket.socket) -> socket.socket:
    """Ask for a worker: the connection on which it says its process id first, once it is there.

    While no nursery runs, what is asked waits for the next one. A nursery that dies with it
    ends the connection.

    Raises OSError.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(control, [b"w"], [theirs.fileno()])
    return ours
