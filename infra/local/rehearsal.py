"""Requests that change nothing: workers share what these have loaded and prepared."""

from __future__ import annotations

import json

from chalice.test import Client

from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.web.auth import MEMBER, issue
from chalicelib.kernel.web.requests import Caller

_PAGES = ("/v1/products", "/v1/products?q=cup", "/v1/categories", "/v1/me/points", "/v1/me/orders")


def rehearse(sku: str) -> dict[str, int]:
    """Read pages, and order a SKU as a member without points; returns {path: status}.

    Each answer will do: a SKU may be off sale by now.
    """
    from app import app

    http = Client(app.complete()).http
    stranger = Caller(new_id("mbr"), new_id("ses"), frozenset({MEMBER}))
    headers = {
        "Authorization": f"Bearer {issue(stranger, clock.now())}",
        "Content-Type": "application/json",
        "Idempotency-Key": new_id("rehearsal"),
    }
    found = {page: http.get(page, headers=headers).status_code for page in _PAGES}
    order = {"items": [{"sku": sku, "quantity": 1}], "address_id": new_id("adr")}
    answer = http.post("/v1/orders", headers=headers, body=json.dumps(order))
    return found | {"/v1/orders": answer.status_code}
