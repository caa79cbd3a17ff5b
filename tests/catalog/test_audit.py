"""Each change of the catalog stands in the audit with what was before and what is after."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.api import new_key
from tests.catalog.sharded import back, buy, hot
from tests.catalog.shop import Shop, fresh


def acts(shop: Shop, subject: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Acts on a subject, the oldest first: (action, before, after)."""
    found = shop.get(f"audit?subject={subject}&limit=100").body["data"]
    return [(act["action"], act["before"], act["after"]) for act in found[::-1]]


def test_a_product_is_told_with_its_first_and_its_changed_fields(shop: Shop) -> None:
    key, draft = new_key(), shop.draft()
    product = shop.post("products", draft, key=key).body
    assert shop.post("products", draft, key=key).status == 201
    change = {"price": {"points": 900}, "status": "off_sale"}
    assert shop.patch(f"products/{product['id']}", change, version=1).status == 200
    made, changed = acts(shop, product["id"])
    assert (made[0], made[1]) == ("product.create", {})
    assert made[2]["price.points"] == 800
    assert made[2]["category"] == shop.category
    action, before, after = changed
    assert action == "product.change"
    assert (before["price.points"], after["price.points"]) == (800, 900)
    assert (before["status"], after["status"]) == ("on_sale", "off_sale")
    assert "category" not in after


def test_a_refused_change_stands_in_no_audit(shop: Shop) -> None:
    product = shop.product()
    assert shop.patch(f"products/{product['id']}", {"status": "draft"}, version=7).status == 412
    assert [action for action, _, _ in acts(shop, product["id"])] == ["product.create"]


def test_categories_brands_and_imports_are_told_too(shop: Shop) -> None:
    changed = shop.patch(f"categories/{shop.category}", {"position": 7}, version=1)
    assert changed.status == 200, changed.body
    assert acts(shop, shop.category)[-1][::2] == ("category.change", {"position": 7, "version": 2})
    brand = fresh("brand")
    title = {"zh-CN": "名", "en": "Name"}
    assert shop.post("brands", {"id": brand, "title": title}).status == 201
    assert shop.patch(f"brands/{brand}", {"position": 3}, version=1).status == 200
    headers = {"If-Match": "2"}
    path = f"/v1/admin/brands/{brand}"
    assert shop.api.request("DELETE", path, as_=shop.ops, headers=headers).status in (200, 204)
    told = acts(shop, brand)
    assert [action for action, _, _ in told] == ["brand.create", "brand.change", "brand.delete"]
    assert told[-1][2] == {}
    assert told[-1][1]["position"] == 3
    sku = shop.virtual_sku()
    assert shop.import_codes(sku, ["A-1", "B-2"]).status == 201
    [(action, _, after)] = acts(shop, sku)
    assert (action, after["codes"]) == ("codes.import", 2)
    assert "A-1" not in str(after)


def test_restocks_and_corrections_are_told_as_they_were_while_a_sku_sells(shop: Shop) -> None:
    sku = hot(shop, 40, 1)
    bodies = [("restock", 5), ("correct", -2), ("restock", -1), ("correct", 3)] * 3

    def act(number: int) -> str:
        if number % 3:
            return buy(sku) if number % 2 else str(back(sku))
        path, quantity = bodies[number // 3]
        done = shop.post(f"skus/{sku}/{path}", {"quantity": quantity, "reason": "盘点"})
        assert done.status == 201, done
        return str(done.body["id"])

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(act, range(36)))
    told = {(name, after["reference"]): after["change"] for name, _, after in acts(shop, sku)}
    asked = {
        (f"stock.{path}", outcomes[number * 3]): quantity
        for number, (path, quantity) in enumerate(bodies)
    }
    assert told == asked
    moved = sum(told.values()) + outcomes.count("None") - outcomes.count("bought")
    assert shop.available(sku) == 40 + moved
