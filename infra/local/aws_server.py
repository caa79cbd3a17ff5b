"""S3, SES, Secrets Manager and STS for this machine: moto, made durable, in one process."""

import io
import json
import threading
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from infra.local import aws_hooks, aws_memory, forms, tether
from infra.local.aws_paths import RESTORE
from infra.local.journal import Journal
from infra.local.settings import HOST


class Handler(MotoRequestHandler):
    """Keeps connections open and writes no line for each request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, *_rest: object) -> None:
        """Log nothing."""


class Server:
    """The WSGI application: one request at a time, journalled before it is answered."""

    def __init__(self, journal: Journal, messages: str) -> None:
        self._journal = journal
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._objects = aws_hooks.Objects(journal)
        self._lock = threading.Lock()
        aws_hooks.hook_email(journal)
        aws_hooks.hook_notifications(messages)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request of an AWS client, or one of the stack's own."""
        path = environ["PATH_INFO"]
        body = _body(environ)
        environ["wsgi.input"] = io.BytesIO(body)
        if refused := forms.refusal(environ, body):
            return _refused(start_response, refused)
        with self._lock:
            if path == RESTORE:
                self._objects.restore()
                return _json(start_response, {})
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


def _body(environ: dict[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH")
    if length:
        read: bytes = environ["wsgi.input"].read(int(length))
        return read
    chunked = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
    return environ["wsgi.input"].read() if chunked else b""


def _refused(start_response: Any, code: str) -> list[bytes]:
    body = f"<Error><Code>{code}</Code></Error>".encode()
    headers = [
        ("Content-Type", "application/xml"),
        ("Content-Length", str(len(body))),
        ("Access-Control-Allow-Origin", "*"),
    ]
    start_response("403 Forbidden" if code == "AccessDenied" else "400 Bad Request", headers)
    return [body]


def _json(start_response: Any, answer: dict[str, Any]) -> list[bytes]:
    body = json.dumps(answer).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(f"{HTTPStatus.OK.value} OK", headers)
    return [body]


def main(descriptor: int, journal: Path, messages: str) -> None:
    """Serve on an open socket until killed; S3's news go to the message server."""
    tether.hold()
    aws_memory.spare()
    server = Server(Journal(journal), messages)
    make_server(
        HOST, 0, server, threaded=True, request_handler=Handler, fd=descriptor
    ).serve_forever()
