"""Fixtures of the ledger: an engine where nobody else keeps accounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.kernel.tables import connection


@pytest.fixture(scope="module")
def second_engine(engine: str) -> Iterator[str]:
    from infra.local.engine import temporary_engine

    with temporary_engine() as endpoint:
        yield endpoint


@pytest.fixture
def alone(second_engine: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The application speaks to an engine of this file's own: sums over all accounts are ours."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", second_engine)
    monkeypatch.setattr(connection(), "_client", None)
    assert connection().client.meta.endpoint_url == second_engine
    return second_engine
