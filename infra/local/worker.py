"""A process that answers one request or event at a time with the application, as Lambda does."""

import importlib
import socket
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from chalice.app import Chalice, RouteEntry

from infra.local import requests, wire
from infra.local.authorizing import Refused, authorize
from infra.local.settings import ACCOUNT_ID, REGION


class Units(NamedTuple):
    """Counts the write units of this process: those since the last call, or none of them."""

    take: Callable[[], int]
    forget: Callable[[], None]


class Context:
    """The context that Lambda gives an invocation."""

    function_version = "$LATEST"
    memory_limit_in_mb = 512
    log_group_name = "local"
    log_stream_name = "local"
    identity = None
    client_context = None

    def __init__(self, function: str, request_id: str, timeout_s: float) -> None:
        self.function_name = f"jifen-{function}"
        self.aws_request_id = request_id
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{self.function_name}"
        self.invoked_function_arn = arn
        self._deadline = time.monotonic() + timeout_s

    def get_remaining_time_in_millis(self) -> int:
        """How long until Lambda would end the function."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class Worker:
    """The application, and how requests and events reach it."""

    def __init__(self, app: Chalice, units: Units) -> None:
        """Take the application and the counter of its write units."""
        self._app = app
        self._units = units
        self._resources = resources(app)
        self._routes = requests.Routes(self._resources)

    def serve(self, connection: socket.socket) -> None:
        """Answer until the other side is gone."""
        while True:
            try:
                message = wire.read_message(connection)
            except ConnectionError:
                return
            set_clock(message.clock_offset_s)
            connection.sendall(wire.pack(self._handle(message)))

    def _handle(self, message: wire.Message) -> wire.HttpAnswer | wire.Outcome:
        if isinstance(message, wire.HttpRequest):
            return self._respond(message)
        try:
            return wire.Outcome(self._run(message))
        except Exception as error:
            traceback.print_exc()
            sys.stderr.flush()
            return wire.Outcome(error=f"{type(error).__name__}: {error}")
        finally:
            self._units.forget()

    def _respond(self, request: wire.HttpRequest) -> wire.HttpAnswer:
        self._units.forget()
        try:
            result = self._call_api(request)
            return requests.answer(result, self._units.take())
        except Refused as refused:
            refusal = str(refused)
        except Exception:
            traceback.print_exc()
            sys.stderr.flush()
            refusal = wire.BROKEN
        return wire.HttpAnswer(0, [], b"", self._units.take(), refusal)

    def _call_api(self, request: wire.HttpRequest) -> dict[str, Any]:
        """Raises Refused."""
        found = self._routes.match(request.path.decode("latin-1"))
        if found is None:
            raise Refused(wire.UNKNOWN_PATH)
        resource, parameters = found
        event = requests.event(request, resource, parameters)
        context = Context(wire.API_FUNCTION, request.request_id, request.timeout_s)
        # A method that the resource lacks has no authorizer: the application refuses it.
        entry = self._resources[resource].get(request.method)
        authorizer = getattr(entry, "authorizer", None)
        if authorizer is not None:
            known = authorize(authorizer, event, context)
            event["requestContext"]["authorizer"] = known
        return self._app(event, context)

    def _run(self, message: wire.Invocation | wire.Call) -> Any:
        if isinstance(message, wire.Call):
            return load(message.target)(**message.arguments)
        function = self._app.handler_map[message.function]
        context = Context(message.function, message.request_id, message.timeout_s)
        return function(message.event, context)


def resources(app: Chalice) -> Mapping[str, Mapping[str, RouteEntry]]:
    """The resources and methods that the application is packaged with."""
    # The gateway's process imports this file, and none of the application.
    from chalicelib.kernel.web.application import Application
    from chalicelib.kernel.web.gateway import as_deployed

    return as_deployed(app.complete()).routes if isinstance(app, Application) else app.routes


def load(target: str) -> Any:
    """Give the attribute that `module:attribute` names.

    Raises ImportError, AttributeError.
    """
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def set_clock(offset_s: float) -> None:
    """Set the program's clock ahead of the machine's, when the application has one."""
    clock = sys.modules.get("chalicelib.kernel.clock")
    if clock is None:
        return
    offset = timedelta(seconds=offset_s)
    clock.source = lambda: datetime.now(UTC) + offset  # type: ignore[attr-defined]


def meter() -> Units:
    """Count write units in every DynamoDB client of this process, when there is a counter."""
    try:
        from infra.bench.estimates import Sent
    except ImportError:
        return Units(lambda: 0, lambda: None)
    import botocore.session

    sent, make = Sent(), botocore.session.Session.create_client

    def create_client(self: Any, service_name: str, *rest: Any, **named: Any) -> Any:
        client = make(self, service_name, *rest, **named)
        if service_name == "dynamodb":
            sent.watch(client)
        return client

    botocore.session.Session.create_client = create_client  # type: ignore[method-assign]
    return Units(sent.take, sent.forget)
