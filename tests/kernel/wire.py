"""Failures between us and DynamoDB, injected into the one client by botocore's hook."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError

from chalicelib.kernel.store.tables import connection

Fault = Callable[[AWSPreparedRequest], AWSResponse | None]


class _Raw(io.BytesIO):
    def stream(self) -> Iterator[bytes]:
        yield self.getvalue()


def content_of(body: bytes) -> Any:
    """A whole body, as botocore reads one."""
    return _Raw(body)


@contextmanager
def faults(operation: str, *planned: Fault | None) -> Iterator[list[Any]]:
    """Each request of an operation meets the next planned fault; None and later ones pass.

    Gives the bodies that were sent, retries of botocore's among them.
    """
    client: Any = connection().client
    waiting = list(planned)
    sent: list[Any] = []

    def before_send(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        sent.append(json.loads(request.body))
        fault = waiting.pop(0) if waiting else None
        return fault(request) if fault else None

    event = f"before-send.dynamodb.{operation}"
    client.meta.events.register(event, before_send)
    try:
        yield sent
    finally:
        client.meta.events.unregister(event, before_send)


def answer(status: int, kind: str, **body: Any) -> Fault:
    """DynamoDB refuses."""
    content = {"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": kind, **body}

    def give(request: AWSPreparedRequest) -> AWSResponse:
        return AWSResponse(request.url, status, {}, content_of(json.dumps(content).encode()))

    return give


def cancelled(*codes: str) -> Fault:
    """A transaction is cancelled for these reasons, one for each of its items."""
    return answer(
        400,
        "TransactionCanceledException",
        CancellationReasons=[{"Code": code, "Message": None} for code in codes],
    )


def lost_answer(request: AWSPreparedRequest) -> AWSResponse | None:
    """DynamoDB does the request, and its answer is lost."""
    client: Any = connection().client
    client._endpoint._send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def no_answer(request: AWSPreparedRequest) -> AWSResponse | None:
    """The request never arrives."""
    raise ReadTimeoutError(endpoint_url=request.url)
