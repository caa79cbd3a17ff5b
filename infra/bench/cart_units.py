"""The writes of carts, and of orders of several SKUs, from the cart and with freight."""

from __future__ import annotations

import random
import secrets
import string
from typing import Any

from infra.bench.floors import alone
from infra.bench.in_process import InProcess
from infra.bench.mall import LONG_ADDRESS, Mall
from infra.bench.use_cases import UseCase

# The characters of a SKU and of its titles, as shops have them and at their most.
_USUAL, _LONGEST = (12, 10, 24), (32, 40, 80)
# Points-only orders of so many SKUs.
LINES = (1, 5, 10, 30)
OF_ORDER, OF_LINE = 9, 2
# Characters and words of titles that no two goods share: what is packed is no smaller in a shop.
_COMMON = [chr(code) for code in range(0x4E00, 0x4E00 + 2_500)]
_CHANCE = random.Random(7)  # noqa: S311 - the same goods in each run


def measure(here: InProcess, mall: Mall) -> list[UseCase]:
    """A cart that fills, then orders for points of more and more of its lines."""
    buyer, other = _Buyer(here, mall, "carts"), _Buyer(here, mall, "long orders")
    path = f"/v1/me/cart/items/{buyer.skus[0]}"
    _, put = here.call("PUT", path, {"quantity": 1}, buyer.token)
    found = [UseCase("Putting a line into a cart", put, 1, floor=alone("the cart"))]
    longest = [buyer.sku(_LONGEST) for _ in range(max(LINES))]
    for number in LINES:
        skus = "1 SKU" if number == 1 else f"{number} SKUs"
        most, name = OF_ORDER + OF_LINE * number, f"An order of {skus} for points"
        spent = buyer.order(buyer.skus[:number])
        found.append(UseCase(f"{name}, ids and titles as shops have them", spent, most))
        spent = other.order(longest[:number])
        found.append(UseCase(f"{name}, ids and titles at their longest", spent, most))
    found.append(
        UseCase("An order of 5 SKUs from the cart", buyer.order(buyer.skus[:5], from_cart=True))
    )
    found.append(UseCase("An order of 1 SKU with freight in cash", buyer.order_with_freight()))
    return found


class _Buyer:
    def __init__(self, here: InProcess, mall: Mall, name: str) -> None:
        self._here, self._mall = here, mall
        member = mall.member(name)
        self.token: str = member["access_token"]
        address, _ = here.call("POST", "/v1/me/addresses", LONG_ADDRESS, self.token)
        self._address = address["id"]
        self.skus = [self.sku(_USUAL) for _ in range(max(LINES))]

    def order(self, skus: list[str], **other: Any) -> Any:
        items = [{"sku": sku, "quantity": 1} for sku in skus]
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
        sku = self.sku(_USUAL, freight_template=made["id"])
        items = {"items": [{"sku": sku, "quantity": 1}], "address_id": self._address}
        return self._here.call("POST", "/v1/orders", items, self.token)[1]

    def sku(self, sizes: tuple[int, int, int], **other: Any) -> str:
        of_sku, of_zh, of_en = sizes
        sku = secrets.token_hex(of_sku).upper()[:of_sku]
        words = (_CHANCE.choices(string.ascii_lowercase, k=5) for _ in range(of_en))
        title = {
            "zh-CN": "".join(_CHANCE.choices(_COMMON, k=of_zh)),
            "en": " ".join(map("".join, words))[:of_en].strip(),
        }
        product = {
            "title": title,
            "kind": "physical",
            "category": "home",
            "price": {"points": 1},
            "status": "on_sale",
            "skus": [{"sku": sku, "stock": 100, "weight_grams": 450 if other else None}],
            **other,
        }
        self._mall.call("POST", "/v1/admin/products", product, self._mall.ops)
        return sku
