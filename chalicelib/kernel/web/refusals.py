"""Chalice's own answers, such as 405, as our problem+json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalice.app import Request, Response

from chalicelib.kernel import errors
from chalicelib.kernel.observe import logger
from chalicelib.kernel.web.http import STATUS, problem
from chalicelib.kernel.web.requests import language_of

_BY_STATUS = {status: kind for kind, status in STATUS.items() if kind is not errors.JifenError}


def in_our_words(event: Request | None, get_response: Callable[[Any], Response]) -> Response:
    """Chalice's `{"Code", "Message"}`, and whatever it fails with, as problem+json."""
    try:
        response = get_response(event)
    except Exception:
        logger().exception("the framework failed")
        return _problem(errors.Unexpected, event)
    if not (isinstance(response.body, dict) and set(response.body) == {"Code", "Message"}):
        return response
    ours = _problem(_BY_STATUS.get(response.status_code, errors.Unexpected), event)
    if allowed := response.headers.get("Allow"):
        ours.headers["Allow"] = allowed
    return ours


def _problem(kind: type[errors.JifenError], event: Request | None) -> Response:
    if event is None:
        return problem(kind(), language_of(None), "")
    language = language_of(event.headers.get("accept-language"))
    return problem(kind(), language, event.context.get("requestId", ""))
