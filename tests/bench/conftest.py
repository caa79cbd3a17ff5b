"""A meter of the application's writes and reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.campaigns.queries import campaigns
from chalicelib.earning.queries.rules import forget, in_force
from chalicelib.kernel.store.tables import connection
from chalicelib.members.queries.policies import published_now
from chalicelib.tiers.queries import REMEMBERED, ladder
from infra.bench.write_units import Meter
from infra.local.resources import dynamodb_client


@pytest.fixture
def meter(engine: str, api: Any) -> Iterator[Meter]:
    own = dynamodb_client(engine)

    def read(table: str, key: Any) -> Any:
        name = f"jifen-dev-{table}"
        return own.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item", {})

    # A process remembers rules and campaigns for half a minute, the ladder and the terms for a
    # minute: from now on, whatever tests before had remembered.
    forget()
    in_force()
    campaigns.forget()
    campaigns.live()
    REMEMBERED.clear()
    ladder()
    published_now()
    made = Meter(connection().client, read)
    yield made
    made.remove()
