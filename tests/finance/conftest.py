"""Fixtures of finance: an engine and a bucket where nobody else keeps books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.finance.actions import publishing
from tests.finance.books import BUCKET, Mall
from tests.second_engine import SecondEngine


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
def bucket(s3: str) -> Iterator[Any]:
    """The application's own S3 client, on this machine; it is made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_S3", s3)
        publishing.bucket.cache_clear()
        yield publishing.bucket()
    publishing.bucket.cache_clear()


@pytest.fixture
def alone(
    second_engine: SecondEngine, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Empty tables and an empty bucket of this test's own; the S3 client."""
    second_engine.lead_here(monkeypatch)
    second_engine.empty("ledger", "payments", "finance", "orders", "audit")
    bucket.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"}
    )
    yield bucket
    for page in bucket.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        if keys := [{"Key": each["Key"]} for each in page.get("Contents", [])]:
            bucket.delete_objects(Bucket=BUCKET, Delete={"Objects": keys})
    bucket.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def mall(alone: Any, monkeypatch: pytest.MonkeyPatch) -> Mall:
    return Mall(alone, monkeypatch)
