"""A running stack round the sample application, until the last test of this folder."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.resources import client
from infra.local.stack import Stack
from tests.local.message_server import Server

SAMPLE = {
    "JIFEN_APP": "tests.local.sample:app",
    "JIFEN_TEMPLATE": str(Path(__file__).with_name("sample.yaml")),
    "JIFEN_SEED": "",
    "JIFEN_WORKERS": "3",
    "JIFEN_WEB": "0",
}


class Sample:
    """The stack and the tests' acts on it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.http = httpx.Client(base_url=stack.url, timeout=70)
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            endpoint = self.stack.made()["aws_endpoints"][service]
            self._clients[service] = client(service, endpoint)
        return self._clients[service]

    def ref(self, name: str) -> str:
        found: str = self.stack.made()["refs"][name]
        return found

    def put(self, pk: str, **attributes: Any) -> None:
        item = {"pk": {"S": pk}, **attributes}
        self.client("dynamodb").put_item(TableName=self.ref("Things"), Item=item)

    def drain(self) -> dict[str, int]:
        answer = self.http.post("/_local/drain")
        assert answer.status_code == 200, answer.text
        functions: dict[str, int] = answer.json()["functions"]
        return functions

    def notes(self, kind: str) -> list[Any]:
        file = self.stack.home / "notes"
        lines = file.read_text().splitlines() if file.exists() else []
        return [content for noted, content in map(json.loads, lines) if noted == kind]

    def wait_for(self, kind: str, contents: Iterable[Any]) -> None:
        """Wait until all of these are noted."""
        deadline = time.monotonic() + 60
        while not set(contents) <= set(self.notes(kind)):
            assert time.monotonic() < deadline, self.notes(kind)
            time.sleep(0.01)

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Let resting functions rest meanwhile; wake them at the end."""
        wake = self.stack.home / "wake"
        wake.unlink(missing_ok=True)
        try:
            yield
        finally:
            wake.touch()

    def process(self, name: str) -> int:
        """The stack's own process of this name, such as `application`."""
        found: int = self.stack.made()["processes"][name]
        return found

    def start_again(self) -> None:
        self.stack.start()
        self._clients.clear()
        self.http = httpx.Client(base_url=self.stack.url, timeout=70)


def is_told_to_come_again(answer: httpx.Response) -> None:
    """An undeliverable request is a 503 problem, never a plain 500."""
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "1"
    told = answer.json()
    assert told["code"] == "unavailable"
    assert told["request_id"] == answer.headers["x-amzn-requestid"]


@pytest.fixture(scope="package")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """A stack of the sample application."""
    with Stack(tmp_path_factory.mktemp("home"), SAMPLE) as stack:
        yield Sample(stack)


@pytest.fixture(autouse=True)
def _counted_from_here(request: pytest.FixtureRequest) -> None:
    """Finish the records of the test before, so that they do not count for this one."""
    if "sample" in request.fixturenames:
        request.getfixturevalue("sample").drain()


@pytest.fixture
def python() -> str:
    return sys.executable


@pytest.fixture(scope="module")
def _message_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = Server(tmp_path_factory.mktemp("messages") / "aws.db")
    yield found
    found.kill()


@pytest.fixture
def server(_message_server: Server) -> Server:
    """A message server without messages; the tests of a file share its process."""
    _message_server.renew()
    return _message_server
