"""The HTTP front: shuttles bytes between connections and worker processes, as API Gateway does."""

import asyncio
import contextlib
import socket
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import uvicorn

from infra.local import lambda_calls, local_calls, tether
from infra.local.clock import ProgramClock
from infra.local.pages import Pages
from infra.local.pictures import PICTURES, Pictures
from infra.local.pool import Pool, WorkerDied
from infra.local.refusals import Refusals
from infra.local.settings import Settings, from_environment
from infra.local.template import load
from infra.local.timeouts import API_GATEWAY_S, TimeOuts
from infra.local.wire import API_FUNCTION, BROKEN, HttpAnswer, HttpRequest

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY = 10 * 1024 * 1024
UNITS_HEADER = b"jifen-local-write-units"
_BODY_TIMEOUT_S = 30.0
# Later requests are told to come again: the stack goes down in about a second.
_STOP_S = 1


class BodyTooLarge(Exception):
    """The body is larger than API Gateway takes."""


class ClientGone(Exception):
    """The client left, or stalled, before its request was whole."""


class Gateway:
    """The ASGI application."""

    def __init__(self, settings: Settings, control: socket.socket, pumps: tuple[str, int]) -> None:
        """Take the nursery's control socket and where the pumps listen."""
        self._settings = settings
        self._pool = Pool(control)
        self._clock = ProgramClock(settings.home)
        template = load(settings.template)
        self._refusals = Refusals(template)
        timeouts = TimeOuts(template)
        self._timeout_s = min(API_GATEWAY_S, timeouts.of(API_FUNCTION))
        self._pictures = Pictures(settings)
        self._pages = Pages(settings.web, template)
        self._calls = local_calls.LocalCalls(settings, self._pool, self._clock, pumps)
        self._functions = lambda_calls.LambdaCalls(self._pool, self._clock, timeouts)
        self._log = (settings.logs / "access.log").open("a", buffering=1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request, or the start and the end of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        began = time.monotonic()
        request_id = str(uuid.uuid4())
        try:
            answer = await self._answer(scope, receive, request_id)
        except ClientGone:
            return
        except asyncio.CancelledError:
            # The stack stops and has waited for long enough.
            answer = self._refusals.answer(BROKEN, request_id)
        except Exception:
            traceback.print_exc()
            answer = self._refusals.answer(BROKEN, request_id)
        self._write_down(scope, answer, time.monotonic() - began, request_id)
        await _send(send, answer, request_id)

    def _write_down(self, scope: Scope, answer: HttpAnswer, took_s: float, request_id: str) -> None:
        path, took_ms = scope["raw_path"].decode("latin-1"), took_s * 1000
        # A full disk costs the line, never the answer.
        with contextlib.suppress(OSError):
            self._log.write(
                f"{scope['method']} {path} {answer.status} {took_ms:.1f} ms {request_id}\n"
            )

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._pool.start(self._settings.workers)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, request_id: str) -> HttpAnswer:
        try:
            body = await _body(scope, receive)
        except BodyTooLarge:
            return self._refusals.answer("REQUEST_TOO_LARGE", request_id)
        if scope["path"].startswith("/_local/") or scope["path"] == "/_local":
            return await self._calls.answer(scope, body, request_id)
        if lambda_calls.is_invoke(scope["method"], scope["path"]):
            return await self._functions.answer(scope["path"], body, request_id)
        if scope["path"].startswith(PICTURES) and (found := self._pictures.find(scope["path"])):
            return found
        if found := self._pages.find(scope["method"], scope["path"], scope["headers"]):
            return found
        request = HttpRequest(
            scope["method"],
            scope["raw_path"],
            scope["query_string"],
            scope["headers"],
            body,
            (scope.get("client") or ("127.0.0.1", 0))[0],
            request_id,
            self._clock.offset_s(),
            self._timeout_s,
        )
        return await self._forward(request)

    async def _forward(self, request: HttpRequest) -> HttpAnswer:
        try:
            answer = await self._pool.ask(request, HttpAnswer, request.timeout_s)
        except TimeoutError:
            return self._refusals.answer("INTEGRATION_TIMEOUT", request.request_id)
        except WorkerDied:
            return self._refusals.answer(BROKEN, request.request_id)
        if answer.refusal is None:
            return answer
        return self._refusals.answer(answer.refusal, request.request_id, answer.write_units)


async def _body(scope: Scope, receive: Receive) -> bytes:
    """Read a body, in bounded time and space.

    Raises BodyTooLarge, ClientGone.
    """
    for name, value in scope["headers"]:
        if name == b"content-length" and int(value) > LARGEST_BODY:
            raise BodyTooLarge
    parts, size = [], 0
    try:
        async with asyncio.timeout(_BODY_TIMEOUT_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > LARGEST_BODY:
                    raise BodyTooLarge
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError as error:
        raise ClientGone from error


async def _send(send: Send, answer: HttpAnswer, request_id: str) -> None:
    # A 304 tells of a content that it does not send.
    length = [(b"content-length", str(len(answer.body)).encode())]
    headers = [
        *answer.headers,
        *(length if answer.status != HTTPStatus.NOT_MODIFIED else []),
        (b"x-amzn-requestid", request_id.encode()),
        (UNITS_HEADER, str(answer.write_units).encode()),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def main(listener: int, control: int, pumps_port: int) -> None:
    """Serve on a bound socket until told to stop."""
    tether.hold()
    settings = from_environment()
    gateway = Gateway(settings, socket.socket(fileno=control), ("127.0.0.1", pumps_port))
    config = uvicorn.Config(
        gateway,
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=_STOP_S,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=listener)])
