"""S3, SNS, SQS, SES and Secrets Manager for this machine: moto, made durable, in one process."""

import io
import json
import sys
import threading
import time
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from infra.local import aws_hooks, tether
from infra.local.aws_paths import RESTORE, WAITING
from infra.local.journal import Journal
from infra.local.settings import HOST

_WAIT_S = 1.0
_LOOK_S = 0.05


class Handler(MotoRequestHandler):
    """Keeps connections open and writes no line for each request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, *_rest: object) -> None:
        """Say nothing."""


class Server:
    """The WSGI application: one request at a time, journalled before it is answered."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._objects = aws_hooks.Objects(journal)
        self._lock = threading.RLock()
        self._arrival = threading.Condition(self._lock)
        aws_hooks.install(journal, self._arrival.notify_all)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request of an AWS client, or one of the stack's own."""
        path = environ["PATH_INFO"]
        environ["wsgi.input"] = io.BytesIO(_body(environ))
        if path == WAITING:
            asked = parse_qs(environ.get("QUERY_STRING", ""))
            names = asked.get("queue", [])
            return _json(start_response, self._waiting(names, "now" not in asked))
        if path == RESTORE:
            return _json(start_response, self._restore())
        with self._lock:
            return self._answer(environ, path, start_response)

    def _answer(self, environ: dict[str, Any], path: str, start_response: Any) -> list[bytes]:
        heard: list[Any] = []

        def hear(status: str, headers: list[tuple[str, str]], *_rest: Any) -> None:
            heard[:] = [status, headers]

        body = b"".join(self._moto(environ, hear))
        if path != "/" and environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            self._objects.write_changes()
        self._journal.commit()
        start_response(*heard)
        return [body]

    def _restore(self) -> dict[str, Any]:
        with self._lock:
            aws_hooks.restore_messages(self._journal)
            self._objects.restore()
            self._arrival.notify_all()
        return {}

    def _waiting(self, names: list[str], patient: bool) -> dict[str, Any]:
        """Count the messages of some queues; when none is visible, wait a second for one."""
        deadline = time.monotonic() + (_WAIT_S if patient else 0)
        with self._arrival:
            while True:
                there = [queue for name, queue in aws_hooks.queues().items() if name in names]
                kept = {queue.name: len(queue._messages) for queue in there}
                visible = [queue.name for queue in there if aws_hooks.has_visible(queue)]
                if time.monotonic() >= deadline or visible:
                    return {"visible": visible, "kept": kept}
                # A hidden message becomes visible without anybody saying so.
                self._arrival.wait(_LOOK_S if any(kept.values()) else _WAIT_S)


def _body(environ: dict[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH")
    if length:
        read: bytes = environ["wsgi.input"].read(int(length))
        return read
    chunked = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
    return environ["wsgi.input"].read() if chunked else b""


def _json(start_response: Any, answer: dict[str, Any]) -> list[bytes]:
    body = json.dumps(answer).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(f"{HTTPStatus.OK.value} OK", headers)
    return [body]


def main(descriptor: int, journal: Path) -> None:
    """Serve on an open socket until killed."""
    tether.hold()
    server = Server(Journal(journal))
    make_server(
        HOST, 0, server, threaded=True, request_handler=Handler, fd=descriptor
    ).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
