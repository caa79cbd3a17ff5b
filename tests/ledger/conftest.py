"""Fixtures of the ledger: an engine where nobody else keeps accounts."""

from __future__ import annotations

import pytest

from tests.second_engine import SecondEngine


@pytest.fixture(scope="module")
def own_ledger(second_engine: SecondEngine) -> SecondEngine:
    """An engine whose ledger is empty when a file begins."""
    second_engine.empty("ledger")
    return second_engine


@pytest.fixture
def alone(own_ledger: SecondEngine, monkeypatch: pytest.MonkeyPatch) -> SecondEngine:
    """The application uses an engine of this file's own, so that sums hold only its accounts."""
    own_ledger.lead_here(monkeypatch)
    return own_ledger
