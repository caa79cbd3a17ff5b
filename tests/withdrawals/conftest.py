"""Fixtures of withdrawals: the provider in memory, and a member of finance."""

from __future__ import annotations

import pytest

from tests.api import Api
from tests.payments.conftest import gateway  # noqa: F401 - a fixture
from tests.withdrawals.withdrawing import PROVIDER, Finance, approved, empty_payments, rich


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
