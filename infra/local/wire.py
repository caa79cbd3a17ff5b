"""The messages of the gateway, the pumps and the worker processes over socket pairs."""

import socket
from typing import Any

import msgspec

API_FUNCTION = "api_handler"
# API Gateway's names of its answers for an unknown path and a broken function.
UNKNOWN_PATH, BROKEN = "MISSING_AUTHENTICATION_TOKEN", "INTEGRATION_FAILURE"


class HttpRequest(msgspec.Struct, tag="http"):
    """A request as it came over HTTP; `clock_offset_s` is how far the program's clock is ahead."""

    method: str
    path: bytes
    query: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    peer: str
    request_id: str
    clock_offset_s: float
    timeout_s: float


class Invocation(msgspec.Struct, tag="invocation"):
    """An event for a function that the application has under this name."""

    function: str
    event: dict[str, Any]
    request_id: str
    clock_offset_s: float
    timeout_s: float


class Call(msgspec.Struct, tag="call"):
    """A call of the local stack's own code, `module:function`, where the application is loaded."""

    target: str
    arguments: dict[str, Any]
    clock_offset_s: float


Message = HttpRequest | Invocation | Call


class HttpAnswer(msgspec.Struct):
    """The answer to send; `refusal` names one of API Gateway's own answers instead."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    write_units: int
    refusal: str | None = None


class Outcome(msgspec.Struct):
    """The result of an invocation or a call, or the error that it raised, `kind: message`."""

    result: Any = None
    error: str | None = None


_encoder = msgspec.msgpack.Encoder()
_messages: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)
_LENGTH = PID_BYTES = 4


def pack(message: Any) -> bytes:
    """Give a message with its length before it."""
    body = _encoder.encode(message)
    return len(body).to_bytes(_LENGTH, "big") + body


def read(connection: socket.socket) -> bytes:
    """Read one message's bytes.

    Raises ConnectionError when the other side is gone.
    """
    return _exactly(connection, int.from_bytes(_exactly(connection, _LENGTH), "big"))


def read_message(connection: socket.socket) -> Message:
    """Read a message to a worker.

    Raises ConnectionError.
    """
    return _messages.decode(read(connection))


def read_pid(connection: socket.socket) -> int:
    """Read the first message of a new worker: its process id.

    Raises ConnectionError, TimeoutError.
    """
    return int.from_bytes(_exactly(connection, PID_BYTES), "big")


def _exactly(connection: socket.socket, wanted: int) -> bytes:
    parts = []
    while wanted:
        part = connection.recv(min(wanted, 1 << 20))
        if not part:
            raise ConnectionError("the other side is gone")
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def read_outcome(connection: socket.socket) -> Outcome:
    """Read the outcome of an invocation or a call.

    Raises ConnectionError.
    """
    return msgspec.msgpack.decode(read(connection), type=Outcome)
