"""The process of an engine: started, waited for, and asked over plain HTTP."""

import http.client
import random
import socket
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.local.errors import StackError
from infra.local.processes import Child
from infra.local.settings import CREDENTIALS, HOST, REGION

_START_S = 60.0
_LOOK_S = 0.01
_GIVEN_S = 10.0
# Below the ports that Linux and macOS hand out by themselves.
_PORTS = (20000, 32000)
# No engine compares it with its clock.
_SIGNED_ON = "20260101"


@dataclass(frozen=True)
class Engine:
    """An engine that answers at `endpoint`."""

    endpoint: str
    child: Child


def launch(
    name: str,
    command: Sequence[str],
    log: Path,
    port: int,
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> Engine:
    """Start an engine in a folder, which may keep files of its own there, and wait for it.

    Raises StackError.
    """
    child = Child(name, command, log, folder=folder, environment=environment)
    try:
        _wait_until_it_answers(child, port)
    except BaseException:
        child.kill()
        raise
    return Engine(f"http://{HOST}:{port}", child)


def free_port() -> int:
    """A free port that no outgoing connection will take meanwhile."""
    while True:
        port = random.randrange(*_PORTS)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port


def _wait_until_it_answers(child: Child, port: int) -> None:
    """Raises StackError."""
    deadline = time.monotonic() + _START_S
    while not answers_at(HOST, port):
        if child.exit_code() is not None:
            raise StackError(f"{child.name} does not start: {child.last_words()}")
        if time.monotonic() > deadline:
            raise StackError(f"{child.name} did not answer within {_START_S:.0f} s")
        time.sleep(_LOOK_S)


def answers_at(host: str, port: int) -> bool:
    """Whether a DynamoDB engine lists its tables there."""
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("POST", "/", b"{}", headers("DynamoDB_20120810.ListTables"))
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_engine(url: str) -> bool:
    """Whether a DynamoDB engine lists its tables at an address that somebody gave."""
    try:
        asked = urllib.request.Request(url, b"{}", headers("DynamoDB_20120810.ListTables"))
        with urllib.request.urlopen(asked, timeout=_GIVEN_S):
            return True
    except (OSError, ValueError, http.client.HTTPException):
        return False


def headers(target: str) -> dict[str, str]:
    """The headers of a signed request that an engine wants; it checks no signature."""
    key = CREDENTIALS["AWS_ACCESS_KEY_ID"]
    scope = f"{key}/{_SIGNED_ON}/{REGION}/dynamodb/aws4_request"
    signed = "SignedHeaders=host;x-amz-date, Signature=0"
    return {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": target,
        "X-Amz-Date": f"{_SIGNED_ON}T000000Z",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, {signed}",
    }
