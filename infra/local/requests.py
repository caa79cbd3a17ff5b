"""Turns HTTP requests into API Gateway's REST proxy events, and the answers back."""

import base64
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

from infra.local.settings import ACCOUNT_ID, STAGE
from infra.local.wire import HttpAnswer, HttpRequest

API_ID = "jifenlocal"


class Routes:
    """Finds the resource, such as `/v1/orders/{id}`, that a path belongs to."""

    def __init__(self, templates: Iterable[str]) -> None:
        """Take the application's paths; where two fit, the one with the longer fixed part wins."""
        self._by_length: dict[int, list[tuple[str, list[str]]]] = {}
        self._greedy: list[tuple[str, list[str], str]] = []
        for template in sorted(templates, key=lambda each: each.replace("{", "\x7f")):
            parts = template.split("/")
            if template.endswith("+}"):
                self._greedy.append((template, parts[:-1], parts[-1][1:-2]))
            else:
                self._by_length.setdefault(len(parts), []).append((template, parts))
        self._greedy.sort(key=lambda each: -len(each[1]))

    def match(self, path: str) -> tuple[str, dict[str, str]] | None:
        """Give the resource and its path parameters, decoded; None when there is none."""
        asked = (path[:-1] if path != "/" and path.endswith("/") else path).split("/")
        for template, parts in self._by_length.get(len(asked), []):
            found = _values(parts, asked)
            if found is not None:
                return template, found
        # The function behind a greedy resource gets the whole path.
        asked = path.split("/")
        for template, parts, name in self._greedy:
            found = _values(parts, asked[: len(parts)])
            rest = "/".join(asked[len(parts) :])
            if found is not None and rest:
                return template, {**found, name: unquote(rest, errors="replace")}
        return None


def _values(parts: list[str], asked: list[str]) -> dict[str, str] | None:
    """The path parameters, decoded, where the path has these parts."""
    found: dict[str, str] = {}
    if len(parts) != len(asked):
        return None
    for part, value in zip(parts, asked, strict=True):
        if part.startswith("{") and value:
            found[part[1:-1]] = unquote(value, errors="replace")
        elif part != unquote(value):
            return None
    return found


def event(request: HttpRequest, resource: str, parameters: dict[str, str]) -> dict[str, Any]:
    """Give the event that API Gateway would hand to the function."""
    headers, all_headers = _headers(request)
    query = _query(request.query)
    path = unquote_to_bytes(request.path).decode("utf-8", "replace")
    body, encoded = _body(request.body)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": all_headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT_ID,
            "apiId": API_ID,
            "resourceId": "local",
            "resourcePath": resource,
            "httpMethod": request.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "requestId": request.request_id,
            "extendedRequestId": request.request_id,
            "requestTimeEpoch": int(time.time() * 1000),
            "stage": STAGE,
            "identity": {"sourceIp": request.peer, "userAgent": headers.get("user-agent")},
        },
        "body": body,
        "isBase64Encoded": encoded,
    }


def _headers(request: HttpRequest) -> tuple[dict[str, str], dict[str, list[str]]]:
    every: dict[str, list[str]] = {}
    for name, value in request.headers:
        every.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    every.setdefault("x-forwarded-for", []).append(request.peer)
    return {name: values[-1] for name, values in every.items()}, every


def _query(raw: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True, errors="replace")
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _body(raw: bytes) -> tuple[str | None, bool]:
    """Text as it is; bytes that are no text in base64, so that the application can refuse them."""
    if not raw:
        return None, False
    try:
        return raw.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode(), True


def answer(result: Mapping[str, Any], write_units: int) -> HttpAnswer:
    """Give the HTTP answer for a function's result."""
    headers = [
        (name.lower().encode("latin-1"), str(value).encode("latin-1", "replace"))
        for name, value in (result.get("headers") or {}).items()
    ]
    for name, values in (result.get("multiValueHeaders") or {}).items():
        headers += [(name.lower().encode("latin-1"), str(value).encode()) for value in values]
    if not any(name == b"content-type" for name, _ in headers):
        headers.append((b"content-type", b"application/json"))
    body = result.get("body") or ""
    raw = base64.b64decode(body) if result.get("isBase64Encoded") else _bytes(body)
    return HttpAnswer(int(result["statusCode"]), headers, raw, write_units)


def _bytes(body: str | bytes) -> bytes:
    return body if isinstance(body, bytes) else body.encode()
