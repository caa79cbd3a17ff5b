"""The running API against the document that it publishes, as schemathesis tries it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.local.settings import REPOSITORY
from tests.stack.mall import Mall, Person, read
from tests.world import ADDRESS

EXAMPLES = 10


def _facts(mall: Mall, caller: Person) -> dict[str, Any]:
    """What the caller finds in the mall: ids for the paths that take one."""
    mall.with_address(caller)
    mall.give([caller], 100_000)
    skus = [mall.sku(points=10, stock=1000) for _ in range(2)]
    card = mall.sku(kind="virtual", points=10, stock=20)
    placed = [read(mall.order(caller, sku), 201)["id"] for sku in [*skus, card] * 3]
    staff = mall.staff()
    for order_id in placed[::3]:
        read(mall.post(f"/v1/admin/orders/{order_id}/take", as_=staff))
    for number in range(3):
        body = {**ADDRESS, "street": f"{number}"}
        read(mall.post("/v1/me/addresses", body, as_=caller.token, key=mall.new_key()), 201)
    mall.drain()
    orders = {
        f"{at}/{{id}}{end}": placed
        for at, ends in (
            ("/v1/orders", ("", "/cancel", "/confirm-receipt")),
            ("/v1/admin/orders", ("", "/take", "/approve", "/reject", "/ship", "/deliver", "/use")),
        )
        for end in ends
    }
    products = [p["id"] for p in read(mall.get("/v1/products"))["data"]]
    lists = {
        f"{path}/{{id}}": [each["id"] for each in mall.pages(path, caller)]
        for path in ("/v1/me/addresses", "/v1/me/identities")
    }
    notices = [each["id"] for each in mall.pages("/v1/me/notifications", caller)]
    partner = read(mall.get("/_local/info"))["partner"]
    ids = {
        **orders, **lists,
        "/v1/me/notifications/{id}/read": notices,
        "/v1/products/{id}": products, "/v1/admin/products/{id}": products,
        "/v1/admin/categories/{id}": [mall.category],
        "/v1/admin/skus/{sku}": [*skus, card], "/v1/admin/skus/{sku}/restock": [*skus, card],
        "/v1/admin/code-pools/{sku}": [card, skus[0]],
        "/v1/admin/code-pools/{sku}/codes": [card, card, skus[0]],
    }  # fmt: skip
    items = {"items": [{"sku": sku, "quantity": 1} for sku in skus]}
    exact = {"points": None, "expected": None, "address_id": None}
    category = {"category": mall.category}
    return {
        "url": mall.url, "token": caller.token,
        "partner": partner["id"], "secret": partner["secret"], "ids": ids,
        "bodies": {
            "POST /v1/orders": {**items, **exact}, "POST /v1/orders/quote": {**items, **exact},
            "POST /v1/admin/products": category,
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "operations"),
    [
        ("member", ["--exclude-path-regex", "^/v1/admin/"]),
        ("admin", ["--include-path-regex", "^/v1/admin/"]),
    ],
)
def test_the_api_does_what_its_document_says(
    mall: Mall, tmp_path: Path, role: str, operations: list[str]
) -> None:
    caller = mall.person(role)
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(_facts(mall, caller)))
    ran = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"{mall.url}/openapi.json",
            "--url", mall.url,
            "-H", f"Authorization: Bearer {caller.token}", "--checks", "all",
            "--phases", "examples,coverage,fuzzing,stateful",
            "--max-examples", str(EXAMPLES), "--generation-deterministic", "--continue-on-failure",
            "--workers", "1", "--no-color", "--warnings", "off", *operations,
        ],
        check=False,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "SCHEMATHESIS_HOOKS": "tests.stack.schema_hooks",
            "JIFEN_SCHEMA_FACTS": str(file),
        },
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2_000:]
