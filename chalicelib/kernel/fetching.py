"""Plain requests to services that are no AWS: one try, a short wait, JSON or nothing."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

import msgspec

from chalicelib.kernel.errors import Passes

TIMEOUT_S = 3.0
_MOST_BYTES = 64 * 1024


class NoAnswer(Passes):
    """No answer in time, or none that can be read."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A query holds a secret: it goes to no address but the one that was named."""

    def redirect_request(self, *_rest: Any, **_named: Any) -> None:
        return None


def fetch_json(address: str, query: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object at an address, whatever type it says it has.

    Raises NoAnswer. Nothing of the query is in its text, as that holds secrets.
    """
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(f"{address}?{urlencode(query)}", timeout=TIMEOUT_S) as answer:
            content = answer.read(_MOST_BYTES)
            status = answer.status
        found: dict[str, Any] = msgspec.json.decode(content, type=dict[str, Any])
    except (OSError, HTTPException, msgspec.MsgspecError) as error:
        raise NoAnswer(type(error).__name__) from None
    if status != HTTPStatus.OK:
        raise NoAnswer(str(status))
    return found
