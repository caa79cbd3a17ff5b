"""A provider in memory instead of Stripe."""

from __future__ import annotations

import pytest

from chalicelib.payments.actions import provider as real
from tests.orders.cashier import Cashier
from tests.payments.fake_gateway import FakeGateway
from tests.world import World

_FAKE = FakeGateway()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """One provider for all tests of a process, since sweeps see all their orders."""
    _FAKE.reset()
    monkeypatch.setattr(real, "gateway", lambda: _FAKE)
    return _FAKE


@pytest.fixture
def cashier(world: World, provider: FakeGateway) -> Cashier:
    return Cashier(world, provider)
