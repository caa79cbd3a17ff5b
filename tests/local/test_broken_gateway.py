"""Whatever breaks behind the gateway, its answer is a problem that says when to come again."""

import asyncio
import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from infra.local.gateway import Gateway
from infra.local.pool import WorkerDied
from infra.local.settings import Settings, from_environment


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder whose stack has lost its provider and its pumps."""
    environment = {"JIFEN_HOME": str(tmp_path / "home"), "JIFEN_CACHE": str(tmp_path)}
    found = from_environment(environment)
    found.logs.mkdir(parents=True)
    nobody = f"http://127.0.0.1:{_closed_port()}"
    (found.home / "stack.json").write_text(json.dumps({"stripe_api": nobody, "aws_endpoints": {}}))
    return found


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


class Probe:
    """One request to the gateway without a server, and its outcome."""

    def __init__(self, gateway: Gateway, method: str, path: str, body: bytes = b"") -> None:
        self._body = body
        self._sent: list[Any] = []
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [],
            "client": ("127.0.0.1", 1),
        }
        asyncio.run(gateway(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": self._body}

    async def _send(self, message: Any) -> None:
        self._sent.append(message)

    @property
    def status(self) -> int:
        status: int = self._sent[0]["status"]
        return status

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self._sent[0]["headers"])

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._sent[1]["body"])
        return found


def _gateway(settings: Settings) -> Gateway:
    ours, _ = socket.socketpair()
    return Gateway(settings, ours, ("127.0.0.1", _closed_port()))


def _breaks(gateway: Gateway, monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    async def ask(*_: object) -> None:
        raise failure

    monkeypatch.setattr(gateway._pool, "ask", ask)


@pytest.mark.parametrize(
    "failure",
    [
        WorkerDied(), TimeoutError(), asyncio.CancelledError(),
        BrokenPipeError(), OSError("no more files"), ValueError("half a message"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_request_that_no_function_answers_is_unavailable_in_both_languages(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    gateway = _gateway(settings)
    _breaks(gateway, monkeypatch, failure)
    asked = Probe(gateway, "GET", "/v1/products")
    assert (asked.status, asked.headers[b"content-type"]) == (503, b"application/problem+json")
    assert asked.headers[b"retry-after"] == b"1"
    assert asked.told == {
        "type": "urn:jifen:error:unavailable",
        "title": "服务繁忙，请重试 / Busy, please try again",
        "status": 503,
        "code": "unavailable",
        "detail": "",
        "request_id": asked.headers[b"x-amzn-requestid"].decode(),
        "errors": [],
    }


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/_local/info", b""),
        ("GET", "/_local/pay/ord_1", b""),
        ("POST", "/_local/pay/ord_1", b'{"does": "pay"}'),
        ("POST", "/_local/drain", b""),
        ("POST", "/_local/functions/sweep", b""),
    ],
)
def test_a_local_call_without_its_part_is_unavailable(
    settings: Settings, method: str, path: str, body: bytes
) -> None:
    asked = Probe(_gateway(settings), method, path, body)
    assert (asked.status, asked.headers[b"content-type"]) == (503, b"application/problem+json")
    assert asked.headers[b"retry-after"] == b"1"
    assert asked.told["code"] == "unavailable"
    assert re.search("refused|connect", asked.told["detail"], re.IGNORECASE)


def test_a_full_disk_loses_a_line_of_the_log_and_no_answer(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no full disk to offer")
    (settings.logs / "access.log").symlink_to("/dev/full")
    gateway = _gateway(settings)
    _breaks(gateway, monkeypatch, TimeoutError())
    assert Probe(gateway, "GET", "/v1/products").status == 503
