"""What is no request of SQS or SNS is refused by the message server, and harms nothing there."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.local.message_server import Server

_HEAD = "POST / HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = Server(tmp_path_factory.mktemp("messages") / "aws.db")
    yield found
    found.kill()


@pytest.fixture
def server(shared: Server) -> Server:
    shared.renew()
    return shared


def raw(server: Server, sent: bytes) -> bytes:
    """The first bytes of the answer to these bytes."""
    address = urlsplit(server.work)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(sent)
        return connection.recv(1 << 16)


def ask(server: Server, call: str, body: bytes | dict[str, Any]) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = f"x-amz-target: AmazonSQS.{call}\r\ncontent-length: {len(content)}\r\n\r\n"
    return raw(server, f"{_HEAD}{lines}".encode() + content)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"x\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\ncontent-length: 8388609\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\ncontent-length: " + b"9" * 5000 + b"\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nx: " + b"a" * 70_000, 431),
    ],
)
def test_bytes_that_are_no_request_are_refused_and_end_nothing(
    server: Server, sent: bytes, status: int
) -> None:
    assert raw(server, sent).startswith(f"HTTP/1.1 {status} ".encode())
    server.send("1")
    assert server.bodies() == ["1"]
