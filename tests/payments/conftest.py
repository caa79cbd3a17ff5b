"""Fixtures of payments: the provider in memory."""

from __future__ import annotations

import pytest

from chalicelib.payments.actions import provider
from chalicelib.payments.rules.gateway import Gateway
from tests.payments.fake_gateway import FakeGateway


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """The application's provider."""
    fake = FakeGateway()
    # A type checker sees that the fake keeps the Protocol.
    asked: Gateway = fake
    monkeypatch.setattr(provider, "gateway", lambda: asked)
    return fake
