"""Fixtures of withdrawals: the provider in memory, and somebody of finance."""

from __future__ import annotations

import pytest

from chalicelib.payments.actions import provider
from chalicelib.payments.rules.gateway import Gateway
from tests.api import Api
from tests.payments.fake_gateway import FakeGateway
from tests.withdrawals.withdrawing import Finance, empty_payments


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """The provider that the application asks."""
    fake = FakeGateway()
    # What it stands for: a type checker sees that it keeps the Protocol.
    asked: Gateway = fake
    monkeypatch.setattr(provider, "gateway", lambda: asked)
    return fake


@pytest.fixture
def finance(api: Api) -> Finance:
    """Somebody of finance, before whom no withdrawal was asked for."""
    empty_payments()
    return Finance(api)
