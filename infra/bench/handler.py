"""The processor time of one redemption in its handler, by part; waiting for the engine is none."""

from __future__ import annotations

import json
import logging
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from typing import Any, NamedTuple
from unittest.mock import patch

from infra.bench.mall import Mall

WARM_UP, ORDERS, ROUNDS = 50, 50, 6
READS, WRITE = "DynamoDB, the read: botocore, JSON, sockets", "DynamoDB, the transaction: the same"
AUTHORIZER = "authorizer: the token's signature"
FRAME = "the stack: request to event, answer to bytes"
REST = "the mall: checks, rules, items, view, log line"


class Part(NamedTuple):
    """Milliseconds of processor time that a part takes of one redemption."""

    name: str
    cpu_ms: float


def measure(mall: Mall, member: dict[str, Any], sku: str) -> list[Part]:
    """The parts of a redemption for points, by the round that took least in all."""
    from app import app
    from infra.local.worker import Worker, meter

    worker, spent = Worker(app, meter()), Counter[str]()
    place = placing(worker, member, sku)
    with _watched(worker, spent), quiet():
        for _ in range(WARM_UP):
            place()
        rounds = [_round(place, spent) for _ in range(ROUNDS)]
    mall.drain()
    return min(rounds, key=lambda parts: sum(part.cpu_ms for part in parts))


def _round(place: Callable[[], None], spent: Counter[str]) -> list[Part]:
    spent.clear()
    began = time.thread_time()
    for _ in range(ORDERS):
        place()
    whole_s = time.thread_time() - began
    dynamodb_s = spent[READS] + spent[WRITE]
    found = {
        READS: spent[READS],
        WRITE: spent[WRITE],
        REST: spent["app"] - dynamodb_s,
        AUTHORIZER: spent[AUTHORIZER],
        FRAME: whole_s - spent["app"] - spent[AUTHORIZER],
    }
    return [Part(name, seconds * 1000 / ORDERS) for name, seconds in found.items()]


def placing(worker: Any, member: dict[str, Any], sku: str) -> Callable[[], None]:
    """The placing of an order by a worker, as the gateway would ask for it."""
    items = [{"sku": sku, "quantity": 1}]
    body = {"items": items, "address_id": member["address_id"]}
    headers = {"Authorization": f"Bearer {member['access_token']}"}

    def place() -> None:
        ask(worker, "/v1/orders", body, headers)

    return place


def ask(worker: Any, path: str, body: Any, headers: dict[str, str]) -> None:
    """Let a worker answer a POST as the gateway would hand it over."""
    from infra.local import wire

    key = secrets.token_hex(8)
    told = {"Content-Type": "application/json", "Idempotency-Key": key, "Host": "127.0.0.1"}
    named = [(name.lower().encode(), value.encode()) for name, value in (told | headers).items()]
    raw, place = json.dumps(body).encode(), path.encode()
    asked = wire.HttpRequest("POST", place, b"", named, raw, "127.0.0.1", key, 0.0, 30.0)
    answer = worker._handle(asked)
    assert answer.status in (HTTPStatus.OK, HTTPStatus.CREATED), answer.body


@contextmanager
def _watched(worker: Any, spent: Counter[str]) -> Iterator[None]:
    """Add the time of each part to `spent`."""
    from chalicelib.kernel.store.tables import connection
    from infra.local import authorizing

    client: Any = connection().client
    call, app = client._make_api_call, worker._app

    def timed_call(operation: str, params: Any) -> Any:
        part = WRITE if operation == "TransactWriteItems" else READS
        return _timed(spent, part, call)(operation, params)

    class App:
        routes = app.routes
        __call__ = staticmethod(_timed(spent, "app", app))

    with ExitStack() as stack:
        stack.enter_context(patch.object(client, "_make_api_call", timed_call))
        stack.enter_context(patch.object(worker, "_app", App()))
        authorize = _timed(spent, AUTHORIZER, authorizing.authorize)
        stack.enter_context(patch("infra.local.worker.authorize", authorize))
        yield


def _timed(spent: Counter[str], part: str, act: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*rest: Any, **named: Any) -> Any:
        began = time.thread_time()
        try:
            return act(*rest, **named)
        finally:
            spent[part] += time.thread_time() - began  # type: ignore[assignment]

    return timed


@contextmanager
def quiet() -> Iterator[None]:
    """Format log lines, but write them nowhere."""
    from chalicelib.kernel.observe import SERVICE, logger

    logger()
    handlers = [
        each
        for each in logging.getLogger(SERVICE).handlers
        if isinstance(each, logging.StreamHandler)
    ]
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a stream, no file of ours
        before = [each.setStream(nowhere) for each in handlers]
        try:
            yield
        finally:
            for each, stream in zip(handlers, before, strict=True):
                if stream is not None:
                    each.setStream(stream)


def of_handler(parts: list[Part]) -> str:
    rows = ["| part of a redemption's handler | CPU ms |", "|---|---|"]
    rows += [f"| {part.name} | {part.cpu_ms:.2f} |" for part in parts]
    return "\n".join([*rows, f"| together | {sum(part.cpu_ms for part in parts):.2f} |"])
