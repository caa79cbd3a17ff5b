"""Units of bookings and vouchers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from infra.bench.in_process import InProcess
from infra.bench.use_cases import UseCase

_STORE = {
    "title": {"zh-CN": "南京东路店", "en": "Nanjing Road East"},
    "city": {"zh-CN": "上海", "en": "Shanghai"},
    "address": {"zh-CN": "南京东路 1 号", "en": "1 Nanjing Road East"},
}


class Shop(Protocol):
    """What a measurement needs of a mall: a token of ops, members, and SKUs by their stock."""

    @property
    def ops(self) -> str: ...
    def member(self, name: str) -> dict[str, Any]: ...
    def sku(self, stock: int, *, kind: str = ...) -> str: ...


def measure(here: InProcess, shop: Shop) -> list[UseCase]:
    """Book a slot, move it, show its voucher and use it."""
    member, ops = shop.member("booking")["access_token"], shop.ops
    store, _ = here.call("POST", "/v1/admin/stores", _STORE, ops)
    sku = shop.sku(10, kind="service")
    product = here.call("GET", f"/v1/admin/skus/{sku}", None, ops)[0]["product_id"]
    first, second = (_slot(here, ops, product, store["id"], days) for days in (1, 2))
    body = {"items": [{"sku": sku, "quantity": 1}], "booking": {"slot_id": first}}
    order, booked = here.call("POST", "/v1/orders", body, member)
    path = f"/v1/orders/{order['id']}"
    _, moved = here.call("POST", f"{path}/reschedule", {"slot_id": second}, member)
    vouchers, shown = here.call("GET", f"{path}/vouchers", None, member)
    at = f"/v1/admin/vouchers/{vouchers[0]['code']}"
    _, found = here.call("GET", at, None, ops)
    _, used = here.call("POST", f"{at}/use", {"store_id": store["id"]}, ops)
    _, listed = here.call("GET", f"/v1/products/{product}/slots", None, member)
    return [
        UseCase("A page of a service's slots", listed),
        UseCase("Redemption of a service for points, in a slot, its voucher included", booked),
        UseCase("Rescheduling a booking", moved),
        UseCase("The vouchers of an order", shown),
        UseCase("A voucher at the counter", found),
        UseCase("Use of a voucher, audited", used),
    ]


def _slot(here: InProcess, ops: str, product: str, store: str, days: int) -> str:
    from chalicelib.kernel import clock

    at = (clock.now() + timedelta(days=days)).replace(second=0, microsecond=0)
    body = {
        "product_id": product,
        "store_id": store,
        "starts_at": clock.rfc3339(at),
        "minutes": 60,
        "capacity": 2,
    }
    made, _ = here.call("POST", "/v1/admin/slots", body, ops)
    slot_id: str = made["data"][0]["id"]
    return slot_id
