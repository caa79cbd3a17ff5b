"""Members for tests: new phones, codes from the outbox, logins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.members.actions import limits
from tests.api import Api
from tests.members.at_providers import Providers, running_providers
from tests.members.people import People
from tests.settings import changed


@pytest.fixture
def many_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests share one address and are quick: give them more codes an hour, without delays."""
    settings = changed(otp_per_ip_hour=1_000_000, otp_delays_seconds=())
    monkeypatch.setattr(limits, "config", lambda: settings)


@pytest.fixture
def people(api: Api, outbox: list[dict[str, Any]], many_callers: None) -> Iterator[People]:
    return People(api, outbox)


@pytest.fixture
def providers(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Providers]:
    with running_providers(api, tmp_path, monkeypatch) as found:
        yield found
