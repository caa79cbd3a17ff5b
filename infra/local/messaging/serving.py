"""HTTP for the message server: many connections in one thread, answers after the commit."""

import asyncio
import re
import sys
import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

_END = b"\r\n\r\n"
# More than any head of AWS's clients, and than ten messages of the largest size with theirs.
_LONGEST_HEAD, _LONGEST_BODY = 65_536, 8_388_608
_FIRST_LINE = re.compile(rb"[A-Z]+ (/\S*) HTTP/1\.[01]\Z")
_LENGTH = re.compile(rb"\r\ncontent-length: *([^\r]*)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
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


class NotHttp(Exception):
    """Bytes that are no HTTP request for this server; the argument is the status of the answer."""


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
        self._is_over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        self._transport = None

    @property
    def is_lost(self) -> bool:
        """Whether nobody is there to be answered."""
        return self._transport is None

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (request := self._following()) is not None:
            try:
                response = self._handle(request, self)
            except Exception:
                traceback.print_exc()
                sys.stderr.flush()
                response = Response(HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain", b"")
            if response is not None:
                self.answer(response)

    def _following(self) -> Request | None:
        """The next whole request. A malformed one is refused, and its connection is closed."""
        if self._is_over:
            return None
        try:
            return self._next()
        except NotHttp as refused:
            self._is_over = True
            self.answer(Response(refused.args[0], "text/plain", b"", "connection: close\r\n"))
            return None

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
            if self._is_over:
                self._transport.close()
        self._answers.clear()

    def _next(self) -> Request | None:
        """The next whole request, if it is here.

        Raises NotHttp.
        """
        head, end, rest = self._read.partition(_END)
        if len(head) > _LONGEST_HEAD:
            raise NotHttp(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if not end:
            return None
        path, length = _path_of(head), _length_of(head)
        if len(rest) < length:
            return None
        self._read = rest[length:]
        target = _TARGET.search(head)
        return Request(path, target[1].decode() if target else "", rest[:length])


def _path_of(head: bytes) -> str:
    """Raises NotHttp."""
    found = _FIRST_LINE.match(head.partition(b"\r\n")[0])
    if found is None:
        raise NotHttp(HTTPStatus.BAD_REQUEST)
    return found[1].decode("latin-1")


def _length_of(head: bytes) -> int:
    """Raises NotHttp."""
    if _CHUNKED.search(head):
        raise NotHttp(HTTPStatus.LENGTH_REQUIRED)
    found = _LENGTH.search(head)
    said = found[1].strip() if found else b"0"
    if not said.isdigit():
        raise NotHttp(HTTPStatus.BAD_REQUEST)
    # Python takes no number of 5,000 digits.
    if len(said) > len(str(_LONGEST_BODY)) or int(said) > _LONGEST_BODY:
        raise NotHttp(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return int(said)
