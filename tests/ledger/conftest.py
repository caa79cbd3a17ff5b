"""Fixtures of the ledger: an engine where nobody else keeps accounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.kernel.config import config
from chalicelib.kernel.tables import connection


@pytest.fixture(scope="package")
def second_engine(engine: str) -> Iterator[str]:
    from infra.local.engine import temporary_engine

    with temporary_engine() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def own_ledger(second_engine: str) -> str:
    """An engine whose ledger is empty when a file begins."""
    empty_ledger(second_engine)
    return second_engine


@pytest.fixture
def alone(own_ledger: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The application speaks to an engine of this file's own: sums over all accounts are ours."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", own_ledger)
    monkeypatch.setattr(connection(), "_client", None)
    assert connection().client.meta.endpoint_url == own_ledger
    return own_ledger


def empty_ledger(endpoint: str) -> None:
    from infra.local.resources import dynamodb_client

    client = dynamodb_client(endpoint)
    table = config().table("ledger")
    names = {"ProjectionExpression": "pk, sk", "TableName": table}
    for page in client.get_paginator("scan").paginate(**names):
        deletes = [{"DeleteRequest": {"Key": key}} for key in page["Items"]]
        for start in range(0, len(deletes), 25):
            client.batch_write_item(RequestItems={table: deletes[start : start + 25]})
