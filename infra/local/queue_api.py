"""SQS over plain HTTP, for the pumps: one kept connection, for one thread."""

import http.client
import json
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from infra.local.aws_paths import KEPT

# Longer than the longest poll.
_TIMEOUT_S = 30.0
_KIND = "application/x-amz-json-1.0"


class QueueError(Exception):
    """The message server refused a call."""


class QueueApi:
    """Calls of SQS's JSON protocol, unsigned: the message server looks at no signature."""

    def __init__(self, endpoint: str) -> None:
        """Take the message server's address."""
        self._connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=_TIMEOUT_S)

    def call(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Give the answer to a call.

        Raises QueueError, OSError.
        """
        headers = {"Content-Type": _KIND, "X-Amz-Target": f"AmazonSQS.{operation}"}
        try:
            self._connection.request("POST", "/", json.dumps(asked), headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise OSError(f"the message server does not answer: {error}") from error
        if answer.status != http.HTTPStatus.OK:
            raise QueueError(content.decode())
        found: dict[str, Any] = json.loads(content)
        return found


def kept(endpoint: str) -> dict[str, int]:
    """How many messages each queue holds, visible or not.

    Raises OSError.
    """
    with urllib.request.urlopen(f"{endpoint}{KEPT}", timeout=_TIMEOUT_S) as answer:
        found: dict[str, int] = json.loads(answer.read())
    return found
