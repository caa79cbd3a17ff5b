"""Whether the parts of a stack that starts answer yet; each raises OSError until then."""

import socket
import urllib.request

from infra.local import wire
from infra.local.settings import HOST

_ANSWER_S = 60.0
_LOOK_S = 0.1


def gateway_answers(url: str) -> None:
    urllib.request.urlopen(f"{url}/_local/info", timeout=_ANSWER_S).close()


def pumps_answer(port: int) -> None:
    with socket.create_connection((HOST, port), timeout=_ANSWER_S) as connection:
        connection.sendall(b'{"call": "hello"}\n')
        if not connection.recv(1):
            raise ConnectionError("the pumps ended the connection")


def worker_is_there(connection: socket.socket) -> None:
    connection.settimeout(_LOOK_S)
    wire.read_pid(connection)
