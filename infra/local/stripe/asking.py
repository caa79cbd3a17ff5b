"""Asks a running wire server its own calls, `/_wire/…`."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

_TIMEOUT_S = 10.0
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    """A refusal of the wire server, with its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def ask(api_base: str, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Get, or post a body.

    Raises Refused, OSError.
    """
    data = None if body is None else json.dumps(body).encode()
    try:
        with _opener.open(
            urllib.request.Request(f"{api_base}/_wire/{name}", data=data), timeout=_TIMEOUT_S
        ) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        raise Refused(error.code, json.load(error)["error"]["message"]) from error
    return found
