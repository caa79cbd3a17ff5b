"""Write and read units of each use case, exact, with every item and index entry named."""

from __future__ import annotations

import json
import secrets
from typing import Any, NamedTuple

from infra.bench.mall import LONG_ADDRESS, Mall, paid_order
from infra.bench.write_units import Meter, Spent


class UseCase(NamedTuple):
    """What one use case spent, and what it may at most (None: nothing was promised)."""

    name: str
    spent: Spent
    most_writes: int | None = None
    most_reads: float | None = None


class InProcess:
    """The app in this process on the stack's engine, with its client measured exactly."""

    def __init__(self, mall: Mall) -> None:
        from chalice.test import Client

        from app import app
        from chalicelib.kernel.tables import connection

        self._mall = mall
        self._http = Client(app).http
        self._meter = Meter(connection().client, self._reader())

    def _reader(self) -> Any:
        import boto3

        client = boto3.client("dynamodb")

        def read(table: str, key: Any) -> Any:
            name = f"jifen-dev-{table}"
            return client.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item", {})

        return read

    def stop_measuring(self) -> None:
        """Let the client go: what it sends is counted no longer."""
        self._meter.remove()

    def call(self, method: str, path: str, body: Any, token: str, **headers: str) -> Any:
        """The answer's body and what the call spent."""
        sent = {
            "Content-Type": "application/json", "Authorization": f"Bearer {token}",
            "Idempotency-Key": secrets.token_hex(8), **headers,
        }  # fmt: skip
        text: Any = json.dumps(body) if body is not None else ""
        self._meter.take()
        answer = self._http.request(method, path, headers=sent, body=text)
        assert answer.status_code < 300, answer.body.decode()
        return answer.json_body, self._meter.take()


def measure(mall: Mall) -> list[UseCase]:
    """Every use case once, with items at their largest."""
    here = InProcess(mall)
    member = mall.member("units")
    token = member["access_token"]
    address, _ = here.call("POST", "/v1/me/addresses", LONG_ADDRESS, token)
    event = paid_order(member["phone"], 12_345)
    _, accrual = here.call("POST", "/v1/events", event, "none", **mall.signature(event))
    found = [UseCase("Accrual from a partner's event, its record included", accrual, 7, 3)]
    for name, sku, most in (
        ("Redemption of one SKU for points, physical", mall.sku(100), 11),
        ("Redemption of one SKU for points, virtual", mall.sku(10, kind="virtual"), 11),
        ("Redemption of one SKU with a limit per member", mall.sku(100, per_member=9), None),
    ):
        body = {"items": [{"sku": sku, "quantity": 1}], "address_id": address["id"]}
        order, spent = here.call("POST", "/v1/orders", body, token)
        found.append(UseCase(name, spent, most, 3))
        if order["kind"] == "physical" and most:
            found += _review(here, mall.ops, order["id"])
    body = {"items": [{"sku": mall.sku(9), "quantity": 1}], "address_id": address["id"]}
    order, _ = here.call("POST", "/v1/orders", body, token)
    _, spent = here.call("POST", f"/v1/orders/{order['id']}/cancel", None, token)
    found.append(UseCase("Cancelling an order", spent))
    for name, path in (
        ("Balance", "/v1/me/points"),
        ("A page of history", "/v1/me/points/entries"),
        ("A page of products", "/v1/products"),
        ("One order", f"/v1/orders/{order['id']}"),
    ):
        found.append(UseCase(name, here.call("GET", path, None, token)[1]))
    return found


def _review(here: InProcess, ops: str, order_id: str) -> list[UseCase]:
    parcel = {"carrier": "SF", "tracking_number": "SF1234567890"}
    acts = (("take", None), ("approve", None), ("ship", parcel), ("deliver", None))
    return [
        UseCase(
            f"Review: {act}",
            here.call("POST", f"/v1/admin/orders/{order_id}/{act}", body, ops)[1],
        )
        for act, body in acts
    ]
