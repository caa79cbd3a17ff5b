"""Fixtures of withdrawals: the provider in memory, and a member of finance."""

from __future__ import annotations

import pytest

from chalicelib.payments.actions import provider
from chalicelib.payments.rules.gateway import Gateway
from tests.api import Api
from tests.payments.fake_gateway import FakeGateway
from tests.withdrawals.withdrawing import PROVIDER, Finance, approved, empty_payments, rich


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """The application's provider."""
    fake = FakeGateway()
    # A type checker sees that the fake keeps the Protocol.
    asked: Gateway = fake
    monkeypatch.setattr(provider, "gateway", lambda: asked)
    return fake


@pytest.fixture
def finance(api: Api) -> Finance:
    """A member of finance; no withdrawal exists before."""
    empty_payments()
    return Finance(api)


@pytest.fixture
def member(api: Api) -> str:
    """A member with rebate cash and an account at the provider."""
    return rich(api, to=PROVIDER)


@pytest.fixture
def made(member: str, finance: Finance) -> str:
    """An approved withdrawal of 120.00."""
    return approved(finance, member)
