"""The app in this process on a real engine, with exact counts of its client's requests."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

from infra.bench.write_units import Meter, Spent

T = TypeVar("T")


class InProcess:
    """Calls of routes and of use cases, each with its units."""

    def __init__(self) -> None:
        from chalice.test import Client

        from app import app
        from chalicelib.kernel.store.tables import connection

        self._http = Client(app.complete()).http
        self._meter = Meter(connection().client, _reader())

    def stop_measuring(self) -> None:
        """Stop counting the client's requests."""
        self._meter.remove()

    def spent(self, act: Callable[[], T]) -> tuple[T, Spent]:
        """The result of a use case and the units that it spent."""
        self._meter.take()
        return act(), self._meter.take()

    def call(self, method: str, path: str, body: Any, token: str, **headers: str) -> Any:
        """The answer's body and the units of the call."""
        sent = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": secrets.token_hex(8),
            **headers,
        }
        text: Any = json.dumps(body) if body is not None else ""
        answer, spent = self.spent(
            lambda: self._http.request(method, path, headers=sent, body=text)
        )
        assert answer.status_code < 300, answer.body.decode()
        return answer.json_body, spent

    def signed(self, partner: str, method: str, path: str, body: Any = None) -> Any:
        """A partner's call: the answer's body and its units."""
        from chalicelib.kernel.secrets import partner_secrets
        from chalicelib.kernel.signatures import sign

        text = json.dumps(body) if body is not None else ""
        at_s = int(time.time())
        signature = sign(partner_secrets(partner)[0], at_s, text.encode())
        headers = {"Jifen-Key": partner, "Jifen-Signature": f"t={at_s},v1={signature}"}
        return self.call(method, path, body, "none", **headers)


def token(member_id: str, *roles: str) -> str:
    """An access token as a login would give it."""
    from chalicelib.kernel import clock
    from chalicelib.kernel.web import auth
    from chalicelib.kernel.web.requests import Caller

    caller = Caller(member_id, "ses_bench", frozenset(roles or (auth.MEMBER,)))
    return auth.issue(caller, clock.now())


def _reader() -> Any:
    """Reads an item with an uncounted client of its own."""
    import boto3

    from chalicelib.kernel.config import config

    client = boto3.client("dynamodb")

    def read(table: str, key: Any) -> Any:
        name = config().table(table)
        return client.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item", {})

    return read
