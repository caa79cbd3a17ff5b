"""Members with carts, goods with freight, and calls on them."""

from __future__ import annotations

from typing import Any

from tests.api import Answer, new_key, token
from tests.world import World

NEAR = {"provinces": ["上海市", "江苏省"], "fee": 600, "first": 1000, "step": 500, "step_fee": 200}
FAR = {"fee": 1200, "first": 1000, "step": 1000, "step_fee": 800}


class Shopper:
    """A member with points and an address in Shanghai."""

    def __init__(self, world: World, points: int = 10_000) -> None:
        self.world, self.id = world, world.member(points)
        self.address = world.address(self.id)
        self.token = token(self.id)

    def put(self, sku: str, quantity: int = 1) -> Answer:
        path = f"/v1/me/cart/items/{sku}"
        return self.world.api.put(path, {"quantity": quantity}, as_=self.token)

    def remove(self, sku: str) -> Answer:
        return self.world.api.delete(f"/v1/me/cart/items/{sku}", as_=self.token)

    def fill(self, items: dict[str, int], **other: Any) -> Answer:
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in items.items()]
        return self.world.api.put("/v1/me/cart", {"items": lines, **other}, as_=self.token)

    def cart(self) -> Any:
        answer = self.world.api.get("/v1/me/cart", as_=self.token)
        assert answer.status == 200, answer.body
        return answer.body

    def skus(self) -> dict[str, int]:
        return {line["sku"]: line["quantity"] for line in self.cart()["lines"]}

    def order(self, items: dict[str, int], *, key: str | None = None, **other: Any) -> Answer:
        body = {"items": [{"sku": s, "quantity": q} for s, q in items.items()], **other}
        return self.world.api.post("/v1/orders", body, as_=self.token, key=key or new_key())

    def quote(self, items: dict[str, int], **other: Any) -> Answer:
        body = {"items": [{"sku": s, "quantity": q} for s, q in items.items()], **other}
        return self.world.api.post("/v1/orders/quote", body, as_=self.token)


def template(world: World, *regions: dict[str, Any], **other: Any) -> str:
    """The id of a new freight template, by weight if silent."""
    body = {
        "title": {"zh-CN": "快递", "en": "Parcel"},
        "charged_by": "weight",
        "regions": list(regions or (NEAR, FAR)),
        **other,
    }
    made = world.api.post("/v1/admin/freight-templates", body, as_=world.ops, key=new_key())
    assert made.status == 201, made.body
    template_id: str = made.body["id"]
    return template_id


def carried(world: World, template_id: str, *, grams: int = 800, **other: Any) -> str:
    """A SKU whose freight is of this template."""
    stock = other.pop("stock", 10)
    sku = {"sku": f"F-{new_key()}", "stock": stock, "weight_grams": grams}
    product = world.product(skus=[sku], freight_template=template_id, **other)
    code: str = product["skus"][0]["sku"]
    return code


def change(world: World, sku: str, **body: Any) -> None:
    """Change the product of a SKU."""
    from chalicelib.catalog.queries.offers import get_offer
    from chalicelib.catalog.queries.products import get_product

    product = get_product(get_offer(sku).product_id)
    headers = {"If-Match": str(product.version)}
    path = f"/v1/admin/products/{product.id}"
    answer = world.api.patch(path, body, as_=world.ops, headers=headers)
    assert answer.status == 200, answer.body
