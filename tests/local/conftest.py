"""A running stack round the sample application, until the last test of this folder."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.resources import client
from infra.local.stack import Stack

SAMPLE = {
    "JIFEN_APP": "tests.local.sample:app",
    "JIFEN_TEMPLATE": str(Path(__file__).with_name("sample.yaml")),
    "JIFEN_SEED": "",
    "JIFEN_WORKERS": "3",
}


class Sample:
    """The stack with what tests do to it."""

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

    def start_again(self) -> None:
        self.stack.start()
        self._clients.clear()
        self.http = httpx.Client(base_url=self.stack.url, timeout=70)


@pytest.fixture(scope="package")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """A stack of the sample application."""
    with Stack(tmp_path_factory.mktemp("home"), SAMPLE) as stack:
        yield Sample(stack)


@pytest.fixture
def python() -> str:
    return sys.executable
