"""Products changed by ops, and the terms on their stock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.catalog import reserve
from chalicelib.catalog.actions.products import update_product
from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.rules.drafts import PriceChange, ProductChange
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Moved, Stale
from chalicelib.kernel.store.writes import WriteSet
from tests.catalog.shop import Shop, an_act, codes_of, fresh


def test_a_change_keeps_the_fields_that_it_leaves_out(shop: Shop) -> None:
    made = shop.product(limits={"per_member": 2, "per_order": 1}, brand="acme")
    change = {"title": {"en": "Mug"}, "limits": {"per_order": None}, "price": {"points": 700}}
    changed = shop.patch(f"products/{made['id']}", change, version=1)
    assert changed.status == 200
    expected = {
        **made,
        "version": 2,
        "title": {"zh-CN": "保温杯", "en": "Mug"},
        "limits": {**made["limits"], "per_order": None},
        "price": {**made["price"], "points": 700},
        "updated_at": changed.body["updated_at"],
    }
    assert changed.body == expected
    assert shop.get(f"products/{made['id']}").body == expected


def test_a_change_reaches_the_terms_of_every_sku_and_leaves_their_stock(shop: Shop) -> None:
    codes = [fresh("A"), fresh("B")]
    made = shop.product(skus=[{"sku": sku, "specs": {"n": sku}, "stock": 7} for sku in codes])
    change = {"price": {"points": 5}, "limits": {"per_member": 3}, "status": "off_sale"}
    shop.patch(f"products/{made['id']}", change, version=1)
    for offer in find_offers(codes, consistent=True).values():
        assert (offer.points, offer.per_member, offer.status) == (5, 3, "off_sale")
        assert (offer.terms_version, offer.available) == (2, 7)
    shop.patch(f"products/{made['id']}", {"limits": {"per_member": None}}, version=2)
    assert find_offers(codes, consistent=True)[codes[0]].per_member is None


def test_a_reservation_on_outdated_terms_is_refused(shop: Shop) -> None:
    made = shop.product()
    sku = made["skus"][0]["sku"]
    seen = find_offers([sku], consistent=True)[sku]
    shop.patch(f"products/{made['id']}", {"price": {"points": 900}}, version=1)
    writes = WriteSet()
    reserve(writes, seen, 1, "ord_1")
    with pytest.raises(Moved):
        writes.commit()
    assert shop.available(sku) == 50


def test_a_change_adds_skus_and_sets_specs_by_code(shop: Shop) -> None:
    made = shop.product()
    old, new = made["skus"][0]["sku"], fresh("NEW")
    added = {"sku": new, "specs": {"colour": "red"}, "stock": 3}
    change = {"skus": [added, {"sku": old, "specs": {"colour": "blue"}}]}
    changed = shop.patch(f"products/{made['id']}", change, version=1)
    assert changed.body["skus"] == [
        {"sku": old, "specs": {"colour": "blue"}, "stock": 50, "shards": 1, "weight_grams": None},
        {**added, "shards": 1, "weight_grams": None},
    ]
    assert find_offers([old], consistent=True)[old].specs == {"colour": "blue"}
    shop.patch(f"products/{made['id']}", {"skus": [{"sku": old}]}, version=2)
    assert find_offers([old], consistent=True)[old].specs == {"colour": "blue"}


def test_an_added_sku_must_be_new_to_the_catalog(shop: Shop) -> None:
    made, other = shop.product(), shop.sku()
    change = {"skus": [{"sku": other, "specs": {"colour": "blue"}}], "status": "off_sale"}
    refused = shop.patch(f"products/{made['id']}", change, version=1)
    assert (refused.status, refused.body["code"]) == (409, "sku_exists")
    assert shop.get(f"products/{made['id']}").body == made


def test_a_stale_change_is_refused(shop: Shop) -> None:
    made = shop.product()
    shop.patch(f"products/{made['id']}", {"brand": "acme"}, version='"1"')
    refused = shop.patch(f"products/{made['id']}", {"brand": "other"}, version=1)
    assert (refused.status, refused.body["code"]) == (412, "stale_version")
    assert shop.get(f"products/{made['id']}").body["brand"] == "acme"


def test_of_concurrent_changes_to_one_version_only_one_succeeds(shop: Shop) -> None:
    made = shop.product()

    def change(points: int) -> str:
        change = ProductChange(price=PriceChange(points=points))
        try:
            update_product(made["id"], change, 1, clock.now(), an_act("product.change", made["id"]))
        except Stale as stale:
            return stale.code
        return f"{points}"

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(change, range(1, 9)))
    assert answers[1:] == ["stale_version"] * 7
    now = shop.get(f"products/{made['id']}").body
    assert (now["version"], f"{now['price']['points']}") == (2, answers[0])
    sku = made["skus"][0]["sku"]
    assert f"{find_offers([sku], consistent=True)[sku].points}" == answers[0]


@pytest.mark.parametrize("version", ["", "abc", 'W/"1"', "*", "-1"])
def test_a_change_names_the_version_that_it_builds_on(shop: Shop, version: str) -> None:
    made = shop.product()
    refused = shop.patch(f"products/{made['id']}", {"brand": "acme"}, version=version)
    assert (refused.status, codes_of(refused)) == (400, [("If-Match", "required")])
    assert shop.get(f"products/{made['id']}").body == made


WRONG: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"kind": "service"}, [("kind", "not_changeable")]),
    ({"price": {"min_points": 5}}, [("price.min_points", "needs_cash_equivalent")]),
    ({"price": {"tier_points": {"g": 9000}}}, [("price.tier_points.g", "above_points")]),
    ({"category": "no-such-category"}, [("category", "unknown_category")]),
    ({"skus": [{"sku": f"MORE-{n}"} for n in range(60)]}, [("skus", "too_many")]),
]


@pytest.mark.parametrize(("change", "wrong"), WRONG, ids=lambda value: str(value)[:50])
def test_a_change_to_an_unsellable_product_is_refused(
    shop: Shop, change: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    made = shop.product()
    refused = shop.patch(f"products/{made['id']}", change, version=1)
    assert (refused.status, codes_of(refused)) == (400, wrong)
    assert shop.get(f"products/{made['id']}").body == made


@pytest.mark.parametrize("stock", [50, 0])
def test_the_stock_of_a_sku_changes_by_restock_only(shop: Shop, stock: int) -> None:
    made = shop.product()
    sku = made["skus"][0]["sku"]
    change = {"skus": [{"sku": sku, "stock": stock}]}
    refused = shop.patch(f"products/{made['id']}", change, version=1)
    assert codes_of(refused) == [("skus[0].stock", "stock_by_restock")]
    assert shop.available(sku) == 50


def test_a_new_sku_of_virtual_goods_brings_no_stock(shop: Shop) -> None:
    made = shop.product(kind="virtual", skus=[{"sku": fresh("VIP")}])
    change = {"skus": [{"sku": fresh("VIP"), "stock": 1}]}
    refused = shop.patch(f"products/{made['id']}", change, version=1)
    assert codes_of(refused) == [("skus[0].stock", "stock_comes_from_codes")]
