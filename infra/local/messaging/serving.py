"""HTTP for the message server: many connections in one thread, answers after the commit."""

import asyncio
import re
import sys
import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TARGET = re.compile(rb"\r\nx-amz-target: *([\w.]+)", re.IGNORECASE)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Request(NamedTuple):
    """A request: the path, the name of a JSON protocol's call ("" without one), the body."""

    path: str
    target: str
    body: bytes


class Response(NamedTuple):
    """An answer; `headers` are whole lines."""

    status: int
    kind: str
    body: bytes
    headers: str = ""


# Answers at once, or later through the connection.
Handle = Callable[[Request, "Connection"], Response | None]


class Connection(asyncio.Protocol):
    """A client's connection; it has one request at a time."""

    def __init__(self, handle: Handle, flush_soon: Callable[["Connection"], None]) -> None:
        """Take the handler, and the callback that runs `flush` after the commit."""
        self._handle, self._flush_soon = handle, flush_soon
        self._read = b""
        self._answers: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self.on_loss: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        self._transport = None
        if self.on_loss is not None:
            self.on_loss()

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (request := self._next()) is not None:
            try:
                response = self._handle(request, self)
            except Exception:
                traceback.print_exc()
                sys.stderr.flush()
                response = Response(HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain", b"")
            if response is not None:
                self.answer(response)

    def answer(self, response: Response) -> None:
        """Send a response with the next commit."""
        head = (
            f"HTTP/1.1 {response.status} {_PHRASES[response.status]}\r\n"
            f"content-type: {response.kind}\r\ncontent-length: {len(response.body)}\r\n"
            f"{response.headers}\r\n"
        )
        self._answers.append(head.encode() + response.body)
        self._flush_soon(self)

    def flush(self) -> None:
        """Send the committed answers."""
        if self._transport is not None:
            self._transport.write(b"".join(self._answers))
        self._answers.clear()

    def _next(self) -> Request | None:
        """The next whole request, if it is here."""
        head, end, rest = self._read.partition(_END)
        if not end:
            return None
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        if len(rest) < length:
            return None
        self._read = rest[length:]
        target = _TARGET.search(head)
        path = head.split(b" ", 2)[1].decode("latin-1")
        return Request(path, target[1].decode() if target else "", rest[:length])
