"""Fixtures of payments: the provider in memory."""

from __future__ import annotations

import pytest

from chalicelib.payments import provider
from tests.api import Api
from tests.payments.fake_gateway import FakeGateway, as_gateway
from tests.payments.withdrawing import Finance, empty_payments


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """The provider that the application asks."""
    fake = FakeGateway()
    monkeypatch.setattr(provider, "gateway", lambda: as_gateway(fake))
    return fake


@pytest.fixture
def finance(api: Api) -> Finance:
    """Somebody of finance, before whom no withdrawal was asked for."""
    empty_payments()
    return Finance(api)
