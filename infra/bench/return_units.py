"""The writes of a return and of an exchange, step by step, with an order for points."""

from __future__ import annotations

from typing import Any

from infra.bench.in_process import InProcess
from infra.bench.mall import LONG_ADDRESS, Mall
from infra.bench.use_cases import UseCase

PARCEL = {"carrier": "顺丰速运", "tracking_number": "SF" + "1" * 20}
WHERE = {"instructions": "南京东路 1 号，售后部收"}


def measure(here: InProcess, mall: Mall) -> list[UseCase]:
    """Each step by itself; the acts of the staff are audited."""
    mine, sku = mall.member("returns")["access_token"], mall.sku(9)
    order_id = _delivered(here, mall, mine, sku)
    steps: list[UseCase] = []

    def do(name: str, path: str, body: Any, token: str) -> Any:
        answer, spent = here.call("POST", path, body, token)
        steps.append(UseCase(name, spent))
        return answer

    for kind, what in (("return", "a return"), ("exchange", "an exchange")):
        body = {"kind": kind, "reason": "质" * 60, "lines": [{"sku": sku, "quantity": 1}]}
        made = do(f"Asking for {what}", f"/v1/orders/{order_id}/returns", body, mine)
        staff, own = f"/v1/admin/returns/{made['id']}", f"/v1/returns/{made['id']}"
        do(f"Approving {what}, audited", f"{staff}/approve", WHERE, mall.ops)
        do(f"Sending {what} back", f"{own}/sent", PARCEL, mine)
        do(f"Receiving {what}, audited", f"{staff}/receive", {}, mall.ops)
        if kind == "exchange":
            do("Shipping its replacement, audited", f"{staff}/ship", PARCEL, mall.ops)
    return steps


def _delivered(here: InProcess, mall: Mall, mine: str, sku: str) -> str:
    """An order of two units that has been delivered."""
    address, _ = here.call("POST", "/v1/me/addresses", LONG_ADDRESS, mine)
    body = {"items": [{"sku": sku, "quantity": 2}], "address_id": address["id"]}
    order, _ = here.call("POST", "/v1/orders", body, mine)
    for act in ("take", "approve", "ship", "deliver"):
        path = f"/v1/admin/orders/{order['id']}/{act}"
        here.call("POST", path, PARCEL if act == "ship" else None, mall.ops)
    order_id: str = order["id"]
    return order_id
