"""Stored records that no release wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.kernel.store.tables import connection

Spoil = Callable[[str, str, str, str, dict[str, Any]], str]


@pytest.fixture
def spoil(engine: str) -> Iterator[Spoil]:
    """Write unreadable bytes into an item until the end of the test; returns its name in errors."""
    client: Any = connection().client
    before: list[dict[str, Any]] = []

    def write(table: str, pk: str, sk: str, name: str, value: dict[str, Any]) -> str:
        where = {"TableName": f"jifen-dev-{table}", "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}
        image = client.get_item(**where, ConsistentRead=True)["Item"]
        before.append({"TableName": where["TableName"], "Item": image})
        client.update_item(
            **where,
            UpdateExpression="SET #n = :v",
            ExpressionAttributeNames={"#n": name},
            ExpressionAttributeValues={":v": value},
        )
        return f"{pk} {sk}"

    yield write
    for image in before:
        client.put_item(**image)
