"""Fixtures of finance: an engine and a bucket where nobody else keeps books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.finance.actions import publishing
from chalicelib.kernel import config as settings
from chalicelib.kernel.tables import connection
from tests.finance.books import BUCKET, Mall


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """An S3 server; its endpoint."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def second_engine(engine: str) -> Iterator[str]:
    from infra.local.engine import temporary_engine

    with temporary_engine() as endpoint:
        yield endpoint


@pytest.fixture
def alone(second_engine: str, s3: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Empty tables and an empty bucket of this test's own; the S3 client."""
    from infra.local.resources import client

    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", second_engine)
    monkeypatch.setattr(connection(), "_client", None)
    found = client("s3", s3)
    found.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"}
    )
    publishing.bucket.cache_clear()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3)
    yield found
    publishing.bucket.cache_clear()
    for page in found.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        if keys := [{"Key": each["Key"]} for each in page.get("Contents", [])]:
            found.delete_objects(Bucket=BUCKET, Delete={"Objects": keys})
    found.delete_bucket(Bucket=BUCKET)
    for table in ("ledger", "payments", "finance", "orders", "audit"):
        _empty(second_engine, table)


def _empty(endpoint: str, name: str) -> None:
    from infra.local.resources import dynamodb_client

    dynamodb, table = dynamodb_client(endpoint), settings.config().table(name)
    names = {"ProjectionExpression": "pk, sk", "TableName": table}
    for page in dynamodb.get_paginator("scan").paginate(**names):
        deletes = [{"DeleteRequest": {"Key": key}} for key in page["Items"]]
        for start in range(0, len(deletes), 25):
            dynamodb.batch_write_item(RequestItems={table: deletes[start : start + 25]})


@pytest.fixture
def mall(alone: Any, monkeypatch: pytest.MonkeyPatch) -> Mall:
    return Mall(alone, monkeypatch)
