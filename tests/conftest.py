"""Fixtures: a real engine per test process, the API in process, a clock that tests move."""

from __future__ import annotations

import base64
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings
from pynamodb.connection import Connection

os.environ.setdefault("JIFEN_STAGE", "dev")
os.environ.setdefault("JIFEN_EMAIL_SENDER", "jifen@example.com")
os.environ.setdefault(
    "JIFEN_FACTS_TOPIC", "arn:aws:sns:ap-southeast-1:123456789012:jifen-dev-facts"
)
os.environ.setdefault("JIFEN_PICTURES_BUCKET", "jifen-dev-pictures-test")
os.environ.setdefault("JIFEN_UPLOADS_BUCKET", "jifen-dev-uploads-test")
os.environ.setdefault("JIFEN_EXPORTS_BUCKET", "jifen-dev-exports-test")
os.environ.setdefault("JIFEN_SETTLEMENTS_BUCKET", "jifen-dev-settlements-test")
os.environ.setdefault("JIFEN_SETTLEMENTS_QUEUE", "http://127.0.0.1:9/jifen-dev-settlements")
os.environ.setdefault("JIFEN_FULFILMENT_QUEUE", "http://127.0.0.1:9/jifen-dev-fulfilment")
os.environ.setdefault("JIFEN_WITHDRAWALS_QUEUE", "http://127.0.0.1:9/jifen-dev-withdrawals")
os.environ.setdefault("JIFEN_RETURN_ADDRESS", "上海市黄浦区南京东路 1 号，售后部收")
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "local")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "local")
# Most engines of tests live for seconds: compiling their code twice costs more than it gives.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")

from app import app
from chalicelib.kernel import clock, secrets, senders
from chalicelib.kernel.config import config
from chalicelib.kernel.store import facts
from tests import day_ends, purity
from tests.api import Api
from tests.second_engine import SecondEngine
from tests.spreading import Spreading, place
from tests.world import World

# A slow machine is no failure.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

# Tests go through all routes, errors and facts.
app.complete()


def _key(text: str) -> str:
    return base64.b64encode(text.encode().ljust(32, b".")).decode()


SECRETS: dict[str, Any] = {
    "keys": {
        "access_token": [{"id": "k2", "key": _key("new")}, {"id": "k1", "key": _key("old")}],
        "field": [{"id": "f1", "key": _key("field")}],
        "hash": _key("hash"),
        "cursor": _key("cursor"),
    },
    "stripe": {"api_key": "sk_test_jifen", "webhook_secrets": ["whsec_new", "whsec_old"]},
    "partners": {"shop-1": ["secret-of-shop-1", "next-secret-of-shop-1"], "shop-2": ["secret-2"]},
}


def pytest_addoption(parser: pytest.Parser) -> None:
    day_ends.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    day_ends.configure(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest groups first."""
    purity.refuse_impure(items)
    items.sort(key=lambda item: place(item.nodeid))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip files without a pure test when only pure tests run."""
    only_pure = config.option.markexpr == "pure"
    return True if only_pure and purity.has_no_pure_tests(collection_path) else None


@pytest.fixture(autouse=True)
def _pure(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("pure"):
        with purity.nothing_outside():
            yield
    else:
        yield


@pytest.fixture(autouse=True)
def _client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one client of a process is made for the engine's address: a test that uses it without
    the engine would lead all later tests elsewhere."""
    if not {"engine", "second_engine"}.intersection(request.fixturenames):
        monkeypatch.setattr(Connection, "client", property(_no_client))


def _no_client(_: Connection) -> NoReturn:
    raise AssertionError("a test that reads or writes items asks for the fixture `engine`")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spreading:
    return Spreading(config, log)


def pytest_report_header() -> str:
    from infra.local.engine import choose
    from infra.local.settings import from_environment

    return f"engine: {choose(from_environment()).kind.name}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the number of crash cases and schedules of all processes, and the seed."""
    counted: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name.startswith("faults: "):
                counted[name] += value
    for name, number in sorted(counted.items()):
        terminalreporter.write_line(f"{name}: {number}")
    if seed := terminalreporter.config.getoption("randomly_seed", None):
        terminalreporter.write_line(f"in the order of SEED={seed}")


@pytest.fixture(scope="session")
def engine() -> Iterator[str]:
    """The engine that JIFEN_ENGINE names, with the stage's tables; its endpoint."""
    from infra.local.engine import temporary_engine

    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            # The engine of a whole run is worth compiling twice.
            patch.delenv("JAVA_TOOL_OPTIONS")
            endpoint = stack.enter_context(temporary_engine())
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint
        yield endpoint


@pytest.fixture(scope="session")
def second_engine(engine: str) -> Iterator[SecondEngine]:
    """An engine for tests that need whole tables; they empty it."""
    from infra.local.engine import temporary_engine

    with temporary_engine() as endpoint:
        yield SecondEngine(endpoint)


@pytest.fixture(autouse=True)
def _stage_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_secret", SECRETS.__getitem__)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    moving = Time(clock.source)
    monkeypatch.setattr(clock, "source", moving.now)
    return moving


class Time:
    """The program's clock, which a test may move forward."""

    def __init__(self, source: Callable[[], datetime]) -> None:
        self._source, self._offset = source, timedelta()

    def now(self) -> datetime:
        return self._source() + self._offset

    def advance(self, **duration: float) -> None:
        self._offset += timedelta(**duration)

    def advance_to_noon(self) -> None:
        """Move to noon, for a test of something that holds within one day of the program."""
        now = clock.now().astimezone(config().time_zone)
        noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
        self._offset += (noon if now < noon else noon + timedelta(days=1)) - now


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """SMS and letters sent, oldest first: {channel, to, body, ...}."""
    sent: list[dict[str, Any]] = []

    def sms(phone: str, text: str, message_id: str | None = None) -> None:
        sent.append({"channel": "sms", "to": phone, "body": text, "message_id": message_id})

    def email(address: str, subject: str, text: str, message_id: str | None = None) -> None:
        named = {"message_id": message_id} if message_id else {}
        sent.append({"channel": "email", "to": address, "subject": subject, "body": text, **named})

    monkeypatch.setattr(senders, "send_sms", sms)
    monkeypatch.setattr(senders, "send_email", email)
    return sent


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[facts.Fact]:
    """Facts that relays published, in order."""
    sent: list[facts.Fact] = []
    monkeypatch.setattr("chalicelib.kernel.store.streams.publish", sent.extend)
    return sent


@pytest.fixture
def api(engine: str, outbox: list[dict[str, Any]], time: Time) -> Api:
    """The Chalice app behind its authorizer, in this process."""
    return Api()


@pytest.fixture
def world(api: Api) -> World:
    return World(api)
