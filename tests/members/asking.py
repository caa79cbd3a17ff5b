"""Requests for login codes under settings of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.kernel import captcha, clock
from chalicelib.members.actions import limits
from tests.api import Answer, Api
from tests.conftest import Time
from tests.settings import changed

Settings = Callable[..., None]


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Change settings of login codes; all tests share one address, so it may ask for many."""

    def change(**values: Any) -> None:
        roomy = {"otp_per_ip_hour": 1_000_000, "otp_texts_hour": 1_000_000}
        made = changed(**{**roomy, **values})
        monkeypatch.setattr(limits, "config", lambda: made)
        monkeypatch.setattr(captcha, "config", lambda: made)

    change()
    return change


def ask(api: Api, destination: str, device: str | None = None, **more: Any) -> Answer:
    channel = "email" if "@" in destination else "sms"
    headers = {"Jifen-Device": device} if device else {}
    body = {"channel": channel, "destination": destination, **more}
    return api.post("/v1/auth/otp", body, headers=headers)


def start_of_an_hour(time: Time) -> None:
    time.advance(seconds=3600 - clock.now().timestamp() % 3600 + 1)
