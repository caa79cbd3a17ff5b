"""Products made and changed by ops."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.catalog.queries.offers import find_offers
from tests.api import new_key, token
from tests.catalog.shop import Shop, codes_of, fresh

LIMITS = {
    "per_member": 2,
    "per_order": 1,
    "per_member_day": 1,
    "per_member_month": 2,
    "tiers": {
        "gold": {
            "per_member": 5,
            "per_member_day": None,
            "per_member_month": None,
            "per_order": None,
        }
    },
}
PLAIN = {"shards": 1, "weight_grams": None}
TIMED = {
    "points": 600,
    "cash": None,
    "cash_equivalent": None,
    "min_points": None,
    "from": "2026-12-01T00:00:00Z",
    "until": "2026-12-02T00:00:00Z",
}


def test_a_product_is_read_back_as_it_was_sent(shop: Shop) -> None:
    draft = shop.draft(
        brand="acme",
        scene=["office"],
        pictures=["https://cdn.example.com/a.jpg"],
        cost={"amount": 4100, "currency": "CNY"},
        limits=LIMITS,
        timed_prices=[TIMED],
        on_sale_from="2026-01-01T00:00:00+08:00",
        on_sale_until="2090-01-01T00:00:00Z",
        price={"points": 800, "cash": None, "cash_equivalent": None, "min_points": 800},
        tiers=["gold", "diamond"],
        skus=[{**PLAIN, "sku": fresh("CUP"), "specs": {"颜色": "红"}, "stock": 50}],
    )
    made = shop.post("products", draft)
    assert made.status == 201
    assert made.body["version"] == 1
    assert made.body["id"].startswith("prd_")
    changed = {"price", "on_sale_from"}
    assert {n: made.body[n] for n in draft if n not in changed} == {
        n: v for n, v in draft.items() if n not in changed
    }
    assert made.body["price"] == {**draft["price"], "tier_points": None}
    assert made.body["on_sale_from"] == "2025-12-31T16:00:00Z"
    assert shop.get(f"products/{made.body['id']}").body == made.body


def test_a_retry_of_a_created_product_returns_the_same_product(shop: Shop) -> None:
    draft, key = shop.draft(), new_key()
    first = shop.post("products", draft, key=key)
    again = shop.post("products", draft, key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert shop.listed() == [first.body["id"]]


def test_a_retry_shows_the_product_as_it_is_now(shop: Shop) -> None:
    draft, key = shop.draft(), new_key()
    made = shop.post("products", draft, key=key).body
    shop.patch(f"products/{made['id']}", {"price": {"points": 5}}, version=1)
    again = shop.post("products", draft, key=key)
    assert (again.body["version"], again.body["price"]["points"]) == (2, 5)


def test_a_key_used_for_another_product_is_refused(shop: Shop) -> None:
    key = new_key()
    shop.post("products", shop.draft(), key=key)
    other = shop.draft()
    refused = shop.post("products", other, key=key)
    assert (refused.status, refused.body["code"]) == (409, "idempotency_key_reused")
    assert find_offers([other["skus"][0]["sku"]], consistent=True) == {}


def test_two_products_cannot_have_one_sku(shop: Shop) -> None:
    sku = shop.sku()
    refused = shop.post(
        "products",
        shop.draft(
            skus=[{"sku": fresh("A"), "specs": {"n": "1"}}, {"sku": sku, "specs": {"n": "2"}}]
        ),
    )
    assert (refused.status, refused.body["code"], refused.body["sku"]) == (409, "sku_exists", sku)
    assert len(shop.listed()) == 1


def test_a_product_needs_a_category_that_exists(shop: Shop) -> None:
    draft = shop.draft(category=fresh("none"))
    refused = shop.post("products", draft)
    assert refused.status == 400
    assert codes_of(refused) == [("category", "unknown_category")]
    assert find_offers([draft["skus"][0]["sku"]], consistent=True) == {}


MONEY = {"amount": 1, "currency": "CNY"}
DOLLAR = {"amount": 1, "currency": "USD"}
SKU = {"sku": "X-1"}
WRONG: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        {"price": {"points": 9, "cash": {"amount": 0, "currency": "CNY"}}},
        [("price.cash", "out_of_range")],
    ),
    (
        {"price": {"points": 9, "cash": {"amount": 1, "currency": "USD"}}, "cost": DOLLAR},
        [("price.cash.currency", "other_currency"), ("cost.currency", "other_currency")],
    ),
    (
        {"price": {"points": 9, "cash_equivalent": DOLLAR, "min_points": 10}},
        [
            ("price.cash_equivalent.currency", "other_currency"),
            ("price.min_points", "above_points"),
        ],
    ),
    (
        {"price": {"points": 9, "cash": MONEY, "min_points": 3}},
        [("price.min_points", "needs_cash_equivalent")],
    ),
    (
        {"price": {"points": 9, "tier_points": {"gold": 10}}},
        [("price.tier_points.gold", "above_points")],
    ),
    ({"skus": [SKU, SKU]}, [("skus[1].sku", "duplicate")]),
    ({"skus": [{**SKU, "shards": 65}]}, [("skus[0].shards", "out_of_range")]),
    (
        {"skus": [{**SKU, "specs": {"a": "色" * 40, "b": "色" * 40}}]},
        [("skus[0].specs", "too_long")],
    ),
    (
        {"kind": "virtual", "skus": [{**SKU, "stock": 5}]},
        [("skus[0].stock", "stock_comes_from_codes")],
    ),
    ({"title": {"zh-CN": "杯" * 40, "en": "杯" * 61}}, [("title", "too_long")]),
    ({"on_sale_from": "1999-12-31T23:59:59Z"}, [("on_sale_from", "out_of_range")]),
    (
        {"on_sale_from": "2026-11-21T08:00:00Z", "on_sale_until": "2026-11-21T08:00:00Z"},
        [("on_sale_until", "not_after_on_sale_from")],
    ),
]


@pytest.mark.parametrize(("changes", "wrong"), WRONG, ids=lambda value: str(value)[:50])
def test_an_unsellable_product_is_refused_by_its_field(
    shop: Shop, changes: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    refused = shop.post("products", shop.draft(**changes))
    assert (refused.status, codes_of(refused)) == (400, wrong)
    assert shop.listed() == []


BAD: list[tuple[dict[str, Any], str]] = [
    ({"price": {"points": 1.5}}, "price.points"),
    ({"price": {"points": True}}, "price.points"),
    ({"price": {"points": "800"}}, "price.points"),
    ({"price": {"points": 0}}, "price.points"),
    ({"price": {"points": 10**30}}, "price.points"),
    ({"price": {"points": 9, "min_points": -1}}, "price.min_points"),
    ({"title": {"zh-CN": "杯" * 41, "en": "Cup"}}, "title.zh-CN"),
    ({"title": {"zh-CN": "杯", "en": "C" * 81}}, "title.en"),
    ({"title": {"zh-CN": "杯"}}, "title.en"),
    ({"title": {"zh-CN": "杯\n", "en": "Cup"}}, "title.zh-CN"),
    ({"kind": "edible"}, "kind"),
    ({"status": "sold"}, "status"),
    ({"skus": []}, "skus"),
    ({"skus": [{"sku": f"X-{n}"} for n in range(61)]}, "skus"),
    ({"skus": [{"sku": "no spaces"}]}, "skus[0].sku"),
    ({"skus": [{"sku": "X-1\nX"}]}, "skus[0].sku"),
    ({"skus": [{"sku": "X" * 33}]}, "skus[0].sku"),
    ({"skus": [{"sku": "X-1", "stock": -1}]}, "skus[0].stock"),
    ({"pictures": ["ftp://example.com/a.jpg"]}, "pictures[0]"),
    ({"pictures": ["/pictures/a.jpg"] * 10}, "pictures"),
    ({"pictures": ["/pictures/a.jpg", "/pictures/../v1/me"]}, "pictures[1]"),
    ({"pictures": ["/pictures/%2e%2e/v1/me"]}, "pictures[0]"),
    ({"pictures": ["/pictures/..\\v1"]}, "pictures[0]"),
    ({"pictures": ["/pictures//a.jpg"]}, "pictures[0]"),
    ({"pictures": ["/pictures/a.jpg?x=1"]}, "pictures[0]"),
    ({"tiers": ["\u200b"]}, "tiers[0]"),
    ({"price": {"points": 5, "tier_points": {"\t": 3}}}, "price.tier_points"),
    (
        {"price": {"points": 5, "tier_points": {"vip": 3, "vip\u200b": 2}}},
        "price.tier_points.vip\u200b",
    ),
    ({"limits": {"tiers": {"\u202e": {"per_member": 1}}}}, "limits.tiers"),
    (
        {"skus": [{"sku": "X-1", "specs": {"colour": "a", "colour\u200b": "b"}}]},
        "skus[0].specs.colour\u200b",
    ),
    ({"limits": {"per_member": 0}}, "limits.per_member"),
    ({"on_sale_from": "2026-11-21T08:00:00"}, "on_sale_from"),
    ({"on_sale_from": 5}, "on_sale_from"),
    ({"colour": "red"}, "colour"),
    ({"price": {"points": 5, "gold": 1}}, "price.gold"),
]


@pytest.mark.parametrize(("changes", "field"), BAD, ids=lambda value: str(value)[:50])
def test_bad_input_is_refused_by_the_name_of_its_field(
    shop: Shop, changes: dict[str, Any], field: str
) -> None:
    refused = shop.post("products", shop.draft(**changes))
    assert refused.status == 400
    assert [wrong for wrong, _ in codes_of(refused)] == [field]
    assert shop.listed() == []


def test_names_of_tiers_are_spelt_in_one_way(shop: Shop) -> None:
    made = shop.product(
        tiers=[" gold\u200b"],
        price={"points": 9, "tier_points": {"gold\u2060": 8}},
        limits={"tiers": {"\tgold": {"per_member": 1}}},
    )
    assert (made["tiers"], made["price"]["tier_points"]) == (["gold"], {"gold": 8})
    assert set(made["limits"]["tiers"]) == {"gold"}


def test_ops_and_admins_may_write_and_agents_may_only_read(shop: Shop) -> None:
    made = shop.product()
    path = f"/v1/admin/products/{made['id']}"
    admin = token("mbr_admin", "member", "admin")
    for reader in (shop.agent, shop.ops, admin):
        assert shop.api.get(path, as_=reader).status == 200
    assert shop.api.get(path, as_=shop.member).status == 403
    assert shop.api.get(path).status == 401
    for other in (shop.agent, shop.member):
        draft = shop.draft()
        refused = shop.api.post("/v1/admin/products", draft, as_=other, key=new_key())
        assert refused.status == 403
        change, headers = {"status": "off_sale"}, {"If-Match": "1"}
        assert shop.api.patch(path, change, as_=other, headers=headers).status == 403
    assert shop.listed() == [made["id"]]


def test_a_product_needs_a_key(shop: Shop) -> None:
    refused = shop.api.post("/v1/admin/products", shop.draft(), as_=shop.ops)
    assert (refused.status, refused.body["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize("unknown", ["prd_aaaaaaaaaaaaaaaaaaaaaaaaaa", "prd_", "x" * 100])
def test_an_unknown_product_is_not_found(shop: Shop, unknown: str) -> None:
    assert shop.get(f"products/{unknown}").status == 404
    assert shop.patch(f"products/{unknown}", {}, version=1).status == 404


def test_a_price_in_points_and_cash_is_shown_with_the_least_points_that_it_takes(
    shop: Shop,
) -> None:
    cash = {"amount": 1980, "currency": "CNY"}
    price = {"points": 1000, "cash": cash, "cash_equivalent": {**cash, "amount": 9900}}
    made = shop.product(price={**price, "min_points": 200}, cost={**cash, "amount": 4100})
    wanted = {**price, "min_points": 200, "tier_points": None}
    assert (made["price"], made["cost"]["amount"]) == (wanted, 4100)
    shown = shop.api.get(f"/v1/products/{made['id']}").body
    assert shown["price"] == wanted
    (listed,) = [row for row in shop.api.listed("/v1/products") if row["id"] == made["id"]]
    assert listed["price"] == wanted
    offer = find_offers([made["skus"][0]["sku"]], consistent=True)[made["skus"][0]["sku"]]
    assert (offer.least_points, offer.cash, offer.cash_equivalent, offer.cost) == (
        200,
        1980,
        9900,
        4100,
    )
    shop.patch(
        f"products/{made['id']}",
        {"price": {"cash_equivalent": None, "min_points": None}},
        version=1,
    )
    assert shop.api.get(f"/v1/products/{made['id']}").body["price"]["min_points"] == 1000
