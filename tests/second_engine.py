"""A second engine, for tests that sum whole tables."""

from __future__ import annotations

import pytest

from chalicelib.kernel.config import config
from chalicelib.kernel.store.tables import connection


class SecondEngine:
    """An engine that holds what one test or file has put there; each of its two clients, one for
    the application and one that empties its tables, is made once: that takes 50 ms."""

    def __init__(self, endpoint: str) -> None:
        from infra.local.resources import dynamodb_client

        self.endpoint = endpoint
        self._emptying = dynamodb_client(endpoint)
        connection()  # its own client is made first, for the engine of all other tests
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
            patch.setattr(connection(), "_client", None)
            self._applications = connection().client
        assert self._applications.meta.endpoint_url == endpoint

    def lead_here(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Point the application to this engine until the test ends."""
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", self.endpoint)
        monkeypatch.setattr(connection(), "_client", self._applications)

    def empty(self, *tables: str) -> None:
        for name in tables:
            table = config().table(name)
            names = {"ProjectionExpression": "pk, sk", "TableName": table}
            for page in self._emptying.get_paginator("scan").paginate(**names):
                deletes = [{"DeleteRequest": {"Key": key}} for key in page["Items"]]
                for start in range(0, len(deletes), 25):
                    part = deletes[start : start + 25]
                    self._emptying.batch_write_item(RequestItems={table: part})
