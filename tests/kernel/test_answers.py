"""An HTTP answer is read off a socket however it comes in pieces, and however it tells its end."""

from __future__ import annotations

import socket
from http.client import HTTPException

import pytest

from chalicelib.kernel.transport.answers import Answer, read_answer

LONG = b"HTTP/1.1 200 OK\r\nX-Amz-Crc32: 1 \r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"


class Pieces:
    """A socket whose other side sends these pieces, and then ends."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = [each for each in pieces if each]

    def recv(self, size: int) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""

    def recv_into(self, buffer: memoryview) -> int:
        piece = self.recv(len(buffer))
        part, rest = piece[: len(buffer)], piece[len(buffer) :]
        if rest:
            self._pieces.insert(0, rest)
        buffer[: len(part)] = part
        return len(part)


def read(*pieces: bytes) -> Answer:
    connection: socket.socket = Pieces(*pieces)  # type: ignore[assignment]
    return read_answer(connection)


@pytest.mark.parametrize("whole", [LONG, CHUNKED], ids=["length", "chunks"])
def test_an_answer_may_be_cut_anywhere(whole: bytes) -> None:
    for cut in range(len(whole) + 1):
        found = read(whole[:cut], whole[cut:])
        assert (found.status, found.content, found.closes) == (200, b"hello", False), cut
    assert read(*(whole[at : at + 1] for at in range(len(whole)))).content == b"hello"


def test_names_of_headers_are_in_small_letters() -> None:
    assert read(LONG).headers == {"x-amz-crc32": "1", "content-length": "5"}


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    assert read(b"HTTP/1.1 503 Busy\r\n\r\n", b"later") == Answer(503, {}, b"later", True)


def test_an_answer_may_be_empty() -> None:
    assert read(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").content == b""


@pytest.mark.parametrize(
    "whole",
    [
        LONG.replace(b"\r\n\r\n", b"\r\nConnection: Close\r\n\r\n"),
        LONG + b"HTTP/1.1 200 OK",
        LONG.replace(b"1.1", b"1.0"),
    ],
    ids=["says so", "too much", "old"],
)
def test_no_other_answer_follows_one_that_closes(whole: bytes) -> None:
    found = read(whole)
    assert (found.content, found.closes) == (b"hello", True)


@pytest.mark.parametrize(
    ("pieces", "error"),
    [
        ((b"",), ConnectionResetError),
        ((LONG[:20],), ConnectionResetError),
        ((LONG[:-1],), ConnectionResetError),
        ((CHUNKED[:-8],), HTTPException),
        ((b"SSH-2.0-OpenSSH\r\n\r\n",), HTTPException),
        ((b"x" * 70_000, b"x"), HTTPException),
    ],
    ids=["nothing", "half a head", "half a body", "half the chunks", "another", "no end"],
)
def test_what_is_no_whole_answer_is_an_error(
    pieces: tuple[bytes, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        read(*pieces)
