"""The running API against the document that it publishes, as schemathesis tries it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from infra.local.settings import REPOSITORY
from tests.stack.mall import Mall, Person, read
from tests.world import ADDRESS

EXAMPLES = 10


class Goods(NamedTuple):
    """The goods, and the caller's orders of them."""

    skus: list[str]
    card: str
    orders: list[str]


def _goods(mall: Mall, caller: Person) -> Goods:
    """Three orders of each SKU, some of them taken into review."""
    mall.give([caller], 100_000)
    skus = [mall.sku(points=10, stock=1000) for _ in range(2)]
    card, staff = mall.sku(kind="virtual", points=10, stock=20), mall.staff()
    orders = [read(mall.order(caller, sku), 201)["id"] for sku in [*skus, card] * 3]
    for order_id in orders[::3]:
        read(mall.post(f"/v1/admin/orders/{order_id}/take", as_=staff))
    return Goods(skus, card, orders)


def _ids(mall: Mall, caller: Person, goods: Goods) -> dict[str, list[str]]:
    """The known ids for each path with an id."""
    orders = {
        f"{at}/{{id}}{end}": goods.orders
        for at, ends in (
            ("/v1/orders", ("", "/cancel", "/confirm-receipt")),
            ("/v1/admin/orders", ("", "/take", "/approve", "/reject", "/ship", "/deliver", "/use")),
        )
        for end in ends
    }
    lists = {
        f"{path}/{{id}}{end}": [each["id"] for each in mall.pages(path, caller)]
        for path, end in (
            ("/v1/me/addresses", ""),
            ("/v1/me/identities", ""),
            ("/v1/me/notifications", "/read"),
            ("/v1/products", ""),
        )
    }
    every, pools = [*goods.skus, goods.card], [goods.card, goods.card, goods.skus[0]]
    return {
        **orders,
        **lists,
        "/v1/admin/products/{id}": lists["/v1/products/{id}"],
        "/v1/admin/categories/{id}": [mall.category],
        "/v1/admin/members/{id}": [caller.id],
        "/v1/admin/members/{id}/points": [caller.id],
        "/v1/admin/members/{id}/points/entries": [caller.id],
        **_holds(mall, caller),
        "/v1/me/points/statements/{month}": ["2026-10", "2026-11"],
        "/v1/admin/skus/{sku}": every,
        "/v1/admin/skus/{sku}/restock": every,
        "/v1/admin/code-pools/{sku}": pools,
        "/v1/admin/code-pools/{sku}/codes": pools,
    }


def _holds(mall: Mall, caller: Person) -> dict[str, list[str]]:
    """Holds of the demo shop, on each path that names one."""
    names = [f"hold-{mall.new_key()}" for _ in range(4)]
    for name in names:
        hold = {
            "id": name,
            "member": {"member_id": caller.id},
            "points": 10,
            "expires_in_seconds": 900,
        }
        raw = json.dumps(hold).encode()
        path = "/v1/partner/holds"
        read(mall.request("POST", path, content=raw, headers=mall.signed(raw)), 201)
    return {f"/v1/partner/holds/{{id}}{act}": names for act in ("", "/capture", "/release")}


def _facts(mall: Mall, caller: Person) -> dict[str, Any]:
    """The facts for the hooks about the caller's mall."""
    mall.with_address(caller)
    goods = _goods(mall, caller)
    for number in range(3):
        body = {**ADDRESS, "street": f"{number}"}
        read(mall.post("/v1/me/addresses", body, as_=caller.token, key=mall.new_key()), 201)
    mall.drain()
    order = {
        "items": [{"sku": sku, "quantity": 1} for sku in goods.skus],
        "points": None,
        "expected": None,
        "address_id": None,
    }
    return {
        "url": mall.url,
        "token": caller.token,
        "partner": mall.partner["id"],
        "secret": mall.partner["secret"],
        "ids": _ids(mall, caller, goods),
        "bodies": {
            "POST /v1/orders": order,
            "POST /v1/orders/quote": order,
            "POST /v1/admin/products": {"category": mall.category},
        },
    }


SETTINGS = (
    "--checks", "all",
    "--phases", "examples,coverage,fuzzing,stateful",
    "--max-examples", str(EXAMPLES), "--generation-deterministic", "--continue-on-failure",
    "--workers", "1", "--no-color", "--warnings", "off",
)  # fmt: skip


# The staff may retire rules and publish terms: members come first.
CALLERS = (
    ("member", ["--exclude-path-regex", "^/v1/admin/"]),
    ("admin", ["--include-path-regex", "^/v1/admin/"]),
)


def test_the_api_does_what_its_document_says(mall: Mall, tmp_path: Path) -> None:
    for role, operations in CALLERS:
        _try_out(mall, tmp_path, role, operations)


def _try_out(mall: Mall, tmp_path: Path, role: str, operations: list[str]) -> None:
    caller = mall.person(role)
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(_facts(mall, caller)))
    called = [f"{mall.url}/openapi.json", "--url", mall.url]
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", *called),
            *("-H", f"Authorization: Bearer {caller.token}"),
            *SETTINGS,
            *operations,
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
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr[-2_000:]
