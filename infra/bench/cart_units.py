"""The writes of carts, and of orders of several SKUs, from the cart and with freight."""

from __future__ import annotations

import secrets
from typing import Any

from infra.bench.floors import alone
from infra.bench.in_process import InProcess
from infra.bench.mall import LONG_ADDRESS, Mall
from infra.bench.use_cases import UseCase

# Points-only orders of so many SKUs, with titles as shops have them.
LINES = (1, 5, 10, 30)
OF_ORDER, OF_LINE = 9, 2


def measure(here: InProcess, mall: Mall) -> list[UseCase]:
    """A cart that fills, then orders for points of more and more of its lines."""
    buyer = _Buyer(here, mall)
    path = f"/v1/me/cart/items/{buyer.skus[0]}"
    _, put = here.call("PUT", path, {"quantity": 1}, buyer.token)
    found = [UseCase("Putting a line into a cart", put, 1, floor=alone("the cart"))]
    for number in LINES:
        spent = buyer.order(number)
        skus = "1 SKU" if number == 1 else f"{number} SKUs"
        most = OF_ORDER + OF_LINE * number
        found.append(UseCase(f"An order of {skus} for points", spent, most))
    found.append(UseCase("An order of 5 SKUs from the cart", buyer.order(5, from_cart=True)))
    found.append(UseCase("An order of 1 SKU with freight in cash", buyer.order_with_freight()))
    return found


class _Buyer:
    def __init__(self, here: InProcess, mall: Mall) -> None:
        self._here, self._mall = here, mall
        member = mall.member("carts")
        self.token: str = member["access_token"]
        address, _ = here.call("POST", "/v1/me/addresses", LONG_ADDRESS, self.token)
        self._address = address["id"]
        self.skus = [self._sku(number) for number in range(max(LINES))]

    def order(self, number: int, **other: Any) -> Any:
        items = [{"sku": sku, "quantity": 1} for sku in self.skus[:number]]
        if other:
            self._here.call("PUT", "/v1/me/cart", {"items": items}, self.token)
        body = {"items": items, "address_id": self._address, **other}
        return self._here.call("POST", "/v1/orders", body, self.token)[1]

    def order_with_freight(self) -> Any:
        body = {
            "title": {"zh-CN": "快递", "en": "Parcel"},
            "charged_by": "weight",
            "regions": [{"fee": 1200, "first": 1000, "step": 1000, "step_fee": 500}],
        }
        call = self._mall.call
        made = call("POST", "/v1/admin/freight-templates", body, self._mall.ops)
        sku = self._sku(99, freight_template=made["id"])
        items = {"items": [{"sku": sku, "quantity": 1}], "address_id": self._address}
        return self._here.call("POST", "/v1/orders", items, self.token)[1]

    def _sku(self, number: int, **other: Any) -> str:
        sku = f"CUP-{secrets.token_hex(3)}-{number}"
        product = {
            "title": {"zh-CN": f"不锈钢保温杯 500 毫升 {number}", "en": f"Steel cup {number}"},
            "kind": "physical",
            "category": "home",
            "price": {"points": 1},
            "status": "on_sale",
            "skus": [{"sku": sku, "stock": 100, "weight_grams": 450 if other else None}],
            **other,
        }
        self._mall.call("POST", "/v1/admin/products", product, self._mall.ops)
        return sku
