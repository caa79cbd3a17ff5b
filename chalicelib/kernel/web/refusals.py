"""Chalice's own answers, such as 405, as our problem+json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, MethodNotAllowedError, Request, Response

from chalicelib.kernel import errors
from chalicelib.kernel.observe import logger
from chalicelib.kernel.web.http import STATUS, problem
from chalicelib.kernel.web.requests import language_of

# Chalice lower-cases method names into the definition that it packages: API Gateway reads this
# one as "every other method" and calls us, so that a wrong method is answered by Chalice's 405.
ANY_METHOD = "X-Amazon-Apigateway-Any-Method"

_BY_STATUS = {status: kind for kind, status in STATUS.items() if kind is not errors.JifenError}


def refuse_other_methods(app: Chalice) -> None:
    """Give every path of the app a 405 for the methods that it has no route for.

    Called once, after the last blueprint: it goes through the paths known by then.
    """
    for path in list(app.routes):
        app.route(path, methods=[ANY_METHOD], name="other_methods", content_types=["*/*"])(_refuse)
    app.register_middleware(in_our_words, "http")


def _refuse(**_path_parameters: str) -> None:
    raise MethodNotAllowedError(f"{ANY_METHOD} is nobody's method")


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
        methods = [name for name in str(allowed).split(", ") if name != ANY_METHOD]
        ours.headers["Allow"] = ", ".join(methods)
    return ours


def _problem(kind: type[errors.JifenError], event: Request | None) -> Response:
    if event is None:
        return problem(kind(), language_of(None), "")
    language = language_of(event.headers.get("accept-language"))
    return problem(kind(), language, event.context.get("requestId", ""))
