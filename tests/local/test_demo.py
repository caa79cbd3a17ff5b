"""The demo plays against the stack that runs on the data folder, on whatever port."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chalicelib.kernel.config import config
from infra.demo.finding import running
from infra.demo.noon import PROGRAM, seconds_to_noon
from infra.local.settings import HOST, Settings, from_environment


class Gateway(BaseHTTPRequestHandler):
    """Answers the info call like a stack."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/_local/info" else 404)
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer((HOST, 0), Gateway) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()


def settings(home: Path, port: int) -> Settings:
    return from_environment({"JIFEN_HOME": str(home), "JIFEN_PORT": str(port)})


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def written(home: Path, url: str) -> None:
    (home / "stack.json").write_text(json.dumps({"url": url}))


def test_the_demo_finds_the_stack_of_the_data_folder_on_any_port(url: str, tmp_path: Path) -> None:
    written(tmp_path, url)
    assert running(settings(tmp_path, port=1)) == url


def test_the_demo_finds_the_stack_of_another_folder_by_its_port(url: str, tmp_path: Path) -> None:
    assert running(settings(tmp_path, port_of(url))) == url
    # One that was killed leaves its file behind.
    written(tmp_path, f"http://{HOST}:1")
    assert running(settings(tmp_path, port_of(url))) == url


def test_the_demo_finds_no_stack_where_none_runs(tmp_path: Path) -> None:
    assert running(settings(tmp_path, port=1)) is None


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("minute", [0, 30, 59])
def test_the_cash_chapters_start_at_the_next_noon_of_the_program(hour: int, minute: int) -> None:
    now = datetime(2026, 12, 31, hour, minute, 59, 999_999, UTC)
    noon = (now + timedelta(seconds=seconds_to_noon(now))).astimezone(PROGRAM)
    assert (noon.hour, noon.minute, noon.second, noon.microsecond) == (12, 0, 0, 0)
    assert timedelta() < noon - now <= timedelta(days=1)


def test_the_days_of_the_demo_end_where_those_of_the_program_do() -> None:
    assert config().time_zone == PROGRAM
