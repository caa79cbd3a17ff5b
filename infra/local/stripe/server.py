"""The wire server: HTTP in front of the API and of `/_wire/…`, with failures on request."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from infra.local import tether
from infra.local.keys import kept_secrets
from infra.local.settings import HOST
from infra.local.stripe.api import Answer, Api
from infra.local.stripe.control import Control
from infra.local.stripe.deliveries import Deliveries
from infra.local.stripe.errors import WireError
from infra.local.stripe.idempotency import Kept
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Store

WIRE = "/_wire/"
_LOOK_S = 0.05
_FAILING = Kept(500, json.dumps({"error": {"type": "api_error", "message": "Something failed."}}))


class Handler(WSGIRequestHandler):
    """Keeps connections open and writes no line for each request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, *_rest: object) -> None:
        """Log nothing."""


class WireServer:
    """The WSGI application."""

    def __init__(self, home: Path, api_key: str, pay_page: str) -> None:
        """Take the data folder, the account's secret key and where a person pays."""
        home.mkdir(parents=True, exist_ok=True)
        self.provider = Provider(Store(home / "stripe.db"), home, pay_page)
        self.deliveries = Deliveries(self.provider)
        self._api = Api(self.provider, api_key)
        self._control = Control(self.provider, self.deliveries)

    def point_at(self, url: str | None, secrets: list[str]) -> None:
        """Send webhooks there, signed with these."""
        self.provider.store.set("endpoint", url)
        self.provider.store.set("webhook_secrets", secrets)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request of Stripe's client, or one of the stack's own."""
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path.startswith(WIRE):
            found = self._controlled(method, path.removeprefix(WIRE), raw)
        else:
            found = self._answer(environ, method, path, raw)
        body = found.body.encode()
        status = HTTPStatus(found.status)
        start_response(
            f"{status.value} {status.phrase}",
            [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(body))),
                *found.headers.items(),
            ],
        )
        return [body]

    def _controlled(self, method: str, name: str, raw: bytes) -> Answer:
        try:
            found = self._control.answer(method, name, raw)
        except WireError as error:
            return Answer(Kept(error.status, json.dumps({"error": error.error})))
        return Answer(Kept(200, json.dumps(found, ensure_ascii=False, indent=1)))

    def _answer(self, environ: dict[str, Any], method: str, path: str, raw: bytes) -> Answer:
        modes = self.provider.modes()
        if modes.down == "unreachable":
            _hang_up(environ)
        if modes.down == "failing":
            return Answer(_FAILING)
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        query = environ.get("QUERY_STRING", "")
        found = self._api.answer(method, path, query, raw.decode("utf-8", "replace"), headers)
        if found.changed and self._loses():
            _hang_up(environ)
        return found

    def _loses(self) -> bool:
        """Whether this answer is one of those to be lost."""
        with self.provider.store.transaction():
            known = self.provider.store.setting("modes", {})
            if not known.get("lose_answers"):
                return False
            self.provider.store.set("modes", known | {"lose_answers": known["lose_answers"] - 1})
        return True


def _hang_up(environ: dict[str, Any]) -> None:
    """Close the connection without an answer.

    Raises ConnectionAbortedError.
    """
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


class Running:
    """A wire server on a port of its own, in threads of this process."""

    def __init__(self, server: WireServer, listener: socket.socket | None = None) -> None:
        """Take the application, and its socket (a free one if there is none)."""
        listener = listener or socket.create_server((HOST, 0))
        self.wire = server
        self.api_base = f"http://{HOST}:{listener.getsockname()[1]}"
        self._listener = listener
        self.http: BaseWSGIServer = make_server(
            HOST, 0, server, threaded=True, request_handler=Handler, fd=listener.fileno()
        )
        self._thread = threading.Thread(
            target=self.http.serve_forever, args=(_LOOK_S,), daemon=True
        )

    def start(self) -> None:
        """Answer and deliver from now on."""
        self.wire.deliveries.start()
        self._thread.start()

    def stop(self) -> None:
        """Answer and deliver no more."""
        self.http.shutdown()
        self._thread.join()
        self.http.server_close()
        self._listener.close()
        self.wire.deliveries.stop()

    def wait(self) -> None:
        """Until it is killed."""
        self._thread.join()


def main(descriptor: int, home: Path, webhooks: str, pay_page: str) -> None:
    """Serve on an open socket until killed."""
    tether.hold()
    known = kept_secrets(home)["stripe"]
    server = WireServer(home, known["api_key"], pay_page)
    server.point_at(webhooks, known["webhook_secrets"])
    running = Running(server, socket.socket(fileno=descriptor))
    running.start()
    running.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
