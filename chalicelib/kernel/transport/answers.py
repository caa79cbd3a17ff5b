"""One HTTP answer off a socket. http.client parses headers by the rules of e-mail, slowly."""

from __future__ import annotations

import io
import socket
from http.client import HTTPException, HTTPResponse, LineTooLong
from typing import Any, NamedTuple

_CHUNK = 65_536
_LONGEST_HEAD = 65_536
_END = b"\r\n\r\n"


class Answer(NamedTuple):
    """An answer, its headers by their names in small letters; `closes` if no other may follow."""

    status: int
    headers: dict[str, str]
    content: bytes
    closes: bool


def read_answer(connection: socket.socket) -> Answer:
    """Read one answer to a POST.

    Raises OSError, HTTPException.
    """
    received = _more(connection)
    while (end := received.find(_END)) < 0:
        if len(received) > _LONGEST_HEAD:
            raise LineTooLong("head")
        received += _more(connection)
    version, status, headers = _head(received[:end])
    length = headers.get("content-length", "")
    if version != "HTTP/1.1" or not length.isdecimal() or "transfer-encoding" in headers:
        return _read_any(connection, received)
    missing = end + len(_END) + int(length) - len(received)
    parts = [received[end + len(_END) :]]
    while missing > 0:
        parts.append(_more(connection))
        missing -= len(parts[-1])
    # Bytes beyond the length are no answer to another request: the connection is of no use.
    closes = missing < 0 or headers.get("connection", "").lower() == "close"
    return Answer(status, headers, b"".join(parts)[: int(length)], closes)


def _more(connection: socket.socket) -> bytes:
    """Raises OSError."""
    received = connection.recv(_CHUNK)
    if not received:
        raise ConnectionResetError("the answer ended early")
    return received


def _head(head: bytes) -> tuple[str, int, dict[str, str]]:
    """(version, status, headers).

    Raises HTTPException.
    """
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    try:
        status = int(rest[:3])
    except ValueError:
        raise HTTPException(first) from None
    named = (line.partition(":") for line in lines)
    return version, status, {name.lower(): value.strip() for name, _, value in named}


def _read_any(connection: socket.socket, received: bytes) -> Answer:
    """An answer without a length of its own: in chunks, or until the connection ends.

    Raises OSError, HTTPException.
    """
    begun: Any = _Begun(connection, received)
    response = HTTPResponse(begun, method="POST")
    response.begin()
    content = response.read()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, content, response.will_close)


class _Begun(io.RawIOBase):
    """A socket of which some bytes have been read."""

    def __init__(self, connection: socket.socket, received: bytes) -> None:
        super().__init__()
        self._connection, self._received = connection, received

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._received:
            return self._connection.recv_into(buffer)
        part, self._received = self._received[: len(buffer)], self._received[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
