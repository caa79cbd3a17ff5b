"""The mall that is measured: a stack of its own, called over HTTP or in this process."""

from __future__ import annotations

import http
import json
import os
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from infra.local.settings import EMAIL_SENDER, STAGE, client_environment
from infra.local.stack import Stack

POINTS = 10_000_000
# The longest that each may be, so that figures hold for every order; an address is as long as it
# may be before an order takes a second KB (members' ONE_UNIT_BYTES).
LONG_SKU = "S" + "K" * 24
LONG_TITLE = {"zh-CN": "杯" * 40, "en": "C" * 80}
LONG_ADDRESS = {
    "recipient": "张" * 20,
    "phone": "13800138000",
    "province": "新" * 12,
    "city": "疆" * 12,
    "district": "区" * 12,
    "street": "路" * 60,
    "postal_code": "8300000000",
}


class Refused(RuntimeError):
    """A call that should have passed was refused."""


class Mall:
    """Calls to a running stack; made members have points enough for every measurement."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.url = stack.url
        self.info = self.local("info")
        self.ops = self.local("token?role=ops")["access_token"]

    def local(self, name: str, method: str = "GET", body: Any = None) -> Any:
        """A call of the local stack's own."""
        raw = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.url}/_local/{name}", raw, method=method)
        with urllib.request.urlopen(asked) as answer:
            return json.loads(answer.read())

    def processes(self) -> dict[str, int]:
        """The stack's own processes by their names, as they are now."""
        found: dict[str, int] = self.stack.made()["processes"]
        return found

    def drain(self) -> None:
        """Wait until streams and queues are empty, however long that takes."""
        while True:
            try:
                self.local("drain", "POST")
            except urllib.error.HTTPError as error:
                if error.code != http.HTTPStatus.SERVICE_UNAVAILABLE:
                    raise
            else:
                return

    def call(self, method: str, path: str, body: Any, token: str, **headers: str) -> Any:
        """Raises Refused."""
        sent = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": secrets.token_hex(8),
            **headers,
        }
        raw = json.dumps(body).encode()
        asked = urllib.request.Request(self.url + path, raw, sent, method=method)
        try:
            with urllib.request.urlopen(asked) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise Refused(f"{path}: {error.code} {error.read().decode()}") from error

    def member(self, name: str) -> dict[str, Any]:
        """{access_token, member_id, phone, address_id} of a member with points."""
        member: dict[str, Any] = self.local(f"token?role=member&name={quote(name)}")
        made = self.call("POST", "/v1/me/addresses", short_address(), member["access_token"])
        event = paid_order(member["phone"], POINTS * 100)
        self.call("POST", "/v1/events", event, "none", **self.signature(event))
        return {**member, "address_id": made["id"]}

    def signature(self, body: Any) -> dict[str, str]:
        """The headers of a partner's call."""
        from chalicelib.kernel.signatures import sign

        partner, at_s = self.info["partner"], int(time.time())
        signed = sign(partner["secret"], at_s, json.dumps(body).encode())
        return {"Jifen-Key": partner["id"], "Jifen-Signature": f"t={at_s},v1={signed}"}

    def sku(
        self,
        stock: int,
        *,
        kind: str = "physical",
        per_member: int | None = None,
        price: dict[str, Any] | None = None,
    ) -> str:
        """A SKU on sale, for one point if nothing is said, with names at their longest."""
        sku = LONG_SKU + secrets.token_hex(3)
        stocked = {} if kind == "virtual" else {"stock": stock}
        product = {
            "title": LONG_TITLE,
            "kind": kind,
            "category": "home",
            "price": price or {"points": 1},
            "limits": {"per_member": per_member},
            "status": "on_sale",
            "skus": [{"sku": sku, "specs": {"颜色": "红"}, **stocked}],
        }
        self.call("POST", "/v1/admin/products", product, self.ops)
        if kind == "virtual":
            codes = {"codes": [secrets.token_hex(8) for _ in range(stock)]}
            self.call("POST", f"/v1/admin/code-pools/{sku}/codes", codes, self.ops)
        return sku


def short_address() -> dict[str, str]:
    return {**LONG_ADDRESS, "street": "南京东路 1 号"}


def paid_order(phone: str, amount: int) -> dict[str, Any]:
    """An `order.paid` with ids at their longest."""
    order_id = secrets.token_hex(32)
    return {
        "id": f"{order_id}:paid".ljust(128, "x"),
        "type": "order.paid",
        "occurred_at": "2026-11-21T08:00:00Z",
        "member": {"phone": phone},
        "data": {"order_id": order_id, "currency": "CNY", "amount": amount},
    }


@contextmanager
def running(home: Path, environment: dict[str, str] | None = None) -> Iterator[Mall]:
    """A stack, with this process's environment set so that the app may also run in it."""
    with Stack(home, environment) as stack:
        made = stack.made()
        os.environ.update(client_environment(made["aws_endpoints"]))
        os.environ.update(
            {
                "JIFEN_STAGE": STAGE,
                "JIFEN_EMAIL_SENDER": EMAIL_SENDER,
                "JIFEN_FACTS_TOPIC": made["refs"]["FactsTopic"],
                "JIFEN_PICTURES_BUCKET": made["refs"]["PicturesBucket"],
                "JIFEN_STRIPE_API_BASE": made["stripe_api"],
            }
        )
        _read_again()
        yield Mall(stack)


def _read_again() -> None:
    """Make the app read its settings again: it may have read them before the stack ran."""
    from chalicelib.kernel.config import config

    config.cache_clear()
