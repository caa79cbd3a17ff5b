"""Lists and products as the public and ops see them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import rfc3339
from tests.api import Api, new_key
from tests.catalog.shop import Shop, codes_of, fresh
from tests.conftest import Time


def _products(shop: Shop, *points: int, **changes: Any) -> list[str]:
    return [shop.product(price={"points": each}, **changes)["id"] for each in points]


def test_a_list_shows_title_picture_price_and_stock(shop: Shop) -> None:
    made = shop.product(pictures=["/pictures/cup.svg", "/pictures/cup-2.svg"])
    path = f"/v1/products?category={shop.category}"
    assert shop.api.get(path).body == {
        "data": [
            {
                "id": made["id"],
                "title": "Thermos cup",
                "kind": "physical",
                "category": shop.category,
                "picture": "/pictures/cup.svg",
                "thumbnail": "/pictures/cup.svg",
                "price": {**made["price"], "min_points": 800},
                "stock": {"status": "in_stock", "available": 50},
                "created_at": made["created_at"],
                "rating": {"count": 0, "average_hundredths": None},
                "opening": None,
            }
        ],
        "next_cursor": None,
    }
    chinese = shop.api.get(path, headers={"Accept-Language": "zh-CN"})
    assert chinese.body["data"][0]["title"] == "保温杯"


def test_lists_sort_by_age_and_by_points(shop: Shop, time: Time) -> None:
    ids = []
    for points in (500, 9, 10_000):
        ids += _products(shop, points)
        time.advance(milliseconds=5)
    middle, cheap, dear = ids
    assert shop.listed() == [dear, cheap, middle]
    assert shop.listed(sort="newest") == [dear, cheap, middle]
    assert shop.listed(sort="points") == [cheap, middle, dear]
    assert shop.listed(sort="-points") == [dear, middle, cheap]


@pytest.mark.parametrize("sort", ["newest", "points", "-points"])
def test_bounds_on_points_hold_in_every_order(shop: Shop, sort: str) -> None:
    low, middle, high = _products(shop, 99, 100, 1000)
    for query, found in (
        ({"min_points": 100}, {middle, high}),
        ({"max_points": 100}, {low, middle}),
        ({"min_points": 100, "max_points": 999}, {middle}),
        ({"min_points": 101, "max_points": 999}, set()),
        ({"min_points": 0, "max_points": 10**9}, {low, middle, high}),
    ):
        listed = shop.listed(sort=sort, **query)
        assert set(listed) == found
        assert len(listed) == len(found)


@pytest.mark.parametrize("sort", ["newest", "points", "-points"])
@pytest.mark.parametrize("filters", [{}, {"kind": "physical"}, {"min_points": 2}])
def test_pages_show_each_product_once(shop: Shop, sort: str, filters: dict[str, Any]) -> None:
    ids = _products(shop, 2, 3, 3, 3, 4)
    _products(shop, 1, kind="service")
    if not filters:
        ids.append(shop.product(price={"points": 1})["id"])
        expected = 7
    else:
        expected = 5
    listed = shop.listed(sort=sort, limit=2, **filters)
    assert len(listed) == len(set(listed)) == expected
    assert set(ids) <= set(listed)


def test_lists_filter_by_category_and_kind(shop: Shop) -> None:
    cup, visit = shop.product()["id"], shop.product(kind="service")["id"]
    other = fresh("cat")
    title = {"zh-CN": "礼品卡", "en": "Vouchers"}
    shop.post("categories", {"id": other, "title": title})
    voucher = shop.product(kind="virtual", category=other, skus=[{"sku": fresh("V")}])["id"]
    assert shop.listed(kind="physical") == [cup]
    assert shop.listed(kind="service") == [visit]
    assert shop.listed(kind="virtual") == []
    assert shop.listed(category=other) == [voucher]
    everything = shop.listed(category=None, limit=100)
    assert {cup, visit, voucher} <= set(everything)
    assert len(everything) == len(set(everything))
    of_a_kind = shop.listed(category=None, kind="virtual", limit=100)
    assert voucher in of_a_kind
    assert not {cup, visit} & set(of_a_kind)


def test_only_what_is_on_sale_is_shown(shop: Shop) -> None:
    shop.product(status="draft")
    off = shop.product(status="off_sale")
    made = shop.product()
    assert shop.listed() == [made["id"]]
    assert shop.api.get(f"/v1/products/{off['id']}").status == 404
    shop.patch(f"products/{made['id']}", {"status": "off_sale"}, version=1)
    shop.patch(f"products/{off['id']}", {"status": "on_sale"}, version=1)
    assert shop.listed() == shop.listed(kind="physical") == [off["id"]]
    assert shop.api.get(f"/v1/products/{off['id']}").status == 200
    assert shop.api.get(f"/v1/products/{made['id']}").status == 404


def test_a_product_is_shown_only_in_its_time_of_sale(shop: Shop, time: Time) -> None:
    start, end = (rfc3339(time.now() + timedelta(hours=hours)) for hours in (1, 2))
    made = shop.product(on_sale_from=start, on_sale_until=end)
    path = f"/v1/products/{made['id']}"
    assert (shop.listed(), shop.api.get(path).status) == ([], 404)
    time.advance(minutes=61)
    assert (shop.listed(), shop.api.get(path).status) == ([made["id"]], 200)
    assert shop.api.get(path).body["on_sale_until"] == made["on_sale_until"]
    time.advance(minutes=60)
    assert (shop.listed(), shop.api.get(path).status) == ([], 404)


def test_a_change_moves_a_product_between_lists(shop: Shop) -> None:
    made = shop.product()
    other = fresh("cat")
    shop.post("categories", {"id": other, "title": {"zh-CN": "厨房", "en": "Kitchen"}})
    change = {"category": other, "price": {"points": 5}, "title": {"en": "Mug"}}
    shop.patch(f"products/{made['id']}", change, version=1)
    assert shop.listed() == shop.listed(kind="physical") == []
    assert shop.listed(category=other, kind="physical", max_points=5) == [made["id"]]
    shown = shop.api.get(f"/v1/products?category={other}").body["data"][0]
    assert (shown["title"], shown["price"]["points"]) == ("Mug", 5)


def test_stock_is_shown_in_words_and_numbers(shop: Shop) -> None:
    skus = [fresh("A"), fresh("B")]
    specs = [{"size": "S"}, {"size": "M"}]
    drafts = [
        {"sku": skus[0], "specs": specs[0], "stock": 11},
        {"sku": skus[1], "specs": specs[1], "stock": 0},
    ]
    made = shop.product(skus=drafts)
    path = f"/v1/products/{made['id']}"
    shown = shop.api.get(path).body
    assert shown["stock"] == {"status": "in_stock", "available": 11}
    assert shown["skus"] == [
        {"sku": skus[0], "specs": {"size": "S"}, "stock": shown["stock"]},
        {"sku": skus[1], "specs": specs[1], "stock": {"status": "sold_out", "available": 0}},
    ]
    for taken, status, left in ((-1, "low", 10), (-10, "sold_out", 0)):
        shop.post(f"skus/{skus[0]}/restock", {"quantity": taken, "reason": "count"})
        stock = {"status": status, "available": left}
        assert shop.api.get(path).body["stock"] == stock
        listed = shop.api.get(f"/v1/products?category={shop.category}").body["data"]
        assert listed[0]["stock"] == stock


def test_the_public_sees_no_cost(shop: Shop) -> None:
    cost = {"amount": 4100, "currency": "CNY"}
    made = shop.product(cost=cost, brand="acme", scene=["office"], limits={"per_member": 1})
    shown = shop.api.get(f"/v1/products/{made['id']}").body
    assert (shown["brand"], shown["scene"]) == ("acme", ["office"])
    assert shown["limits"]["per_member"] == 1
    assert not any(shown["limits"][name] for name in shown["limits"].keys() - {"per_member"})
    assert shown["description"] == "Steel"
    assert not {"cost", "version", "status"} & set(shown)


def test_an_unknown_filter_is_refused(api: Api) -> None:
    refused = api.get("/v1/products?offset=1")
    assert (refused.status, refused.body["code"]) == (400, "unknown_field")
    assert codes_of(refused) == [("offset", "unknown_field")]


@pytest.mark.parametrize(
    "query",
    ["sort=best", "affordable=1", "kind=food", "min_points=-1", "max_points=1.5", "limit=0",
     "limit=101", "category=Home", "min_points=5&max_points=4", "sort="],
)  # fmt: skip
def test_invalid_filters_are_refused_by_name(api: Api, query: str) -> None:
    refused = api.get(f"/v1/products?{query}")
    assert refused.status == 400
    assert codes_of(refused)[0][0] == query.rsplit("&", maxsplit=1)[-1].partition("=")[0]


def test_a_cursor_works_for_its_own_list_only(shop: Shop) -> None:
    _products(shop, 1, 2, 3)
    path = f"/v1/products?category={shop.category}&limit=1"
    cursor = shop.api.get(path).body["next_cursor"]
    assert shop.api.get(f"{path}&cursor={cursor}").status == 200
    for wrong in (
        f"{path}&sort=points&cursor={cursor}",
        f"{path}&kind=physical&cursor={cursor}",
        f"/v1/products?cursor={cursor}",
        f"{path}&cursor=A{cursor}",
        f"{path}&cursor=%20",
    ):
        refused = shop.api.get(wrong)
        assert (refused.status, refused.body["code"]) == (400, "invalid_cursor")


def test_ops_list_all_products_or_those_of_a_status(shop: Shop) -> None:
    draft = shop.product(status="draft")["id"]
    sold = shop.product()["id"]
    everything = shop.admin_listed(limit=100)
    assert {draft, sold} <= {product["id"] for product in everything}
    made_at = [datetime.fromisoformat(product["created_at"]) for product in everything]
    assert made_at == sorted(made_at, reverse=True)
    drafts = {p["id"]: p for p in shop.admin_listed(status="draft", limit=7)}
    assert sold not in drafts
    assert {p["status"] for p in drafts.values()} == {"draft"}
    assert drafts[draft]["title"] == {"zh-CN": "保温杯", "en": "Thermos cup"}
    assert drafts[draft]["version"] == 1
    assert shop.get("products?status=sold").status == 400
    shop.patch(f"products/{draft}", {"status": "on_sale"}, version=1)
    assert draft not in [p["id"] for p in shop.admin_listed(status="draft", limit=100)]
    assert shop.api.get("/v1/admin/products", as_=shop.member).status == 403


def test_categories_are_listed_by_position(shop: Shop) -> None:
    ids = [fresh("z"), fresh("a")]
    for position, category in enumerate(ids):
        title = {"zh-CN": f"分类{position}", "en": f"Category {position}"}
        body = {"id": category, "title": title, "position": 900_000 + position}
        assert shop.post("categories", body).status == 201
    listed: list[dict[str, Any]] = []
    path: str | None = "/v1/categories?limit=7"
    while path:
        page = shop.api.get(path).body
        listed += page["data"]
        cursor = page["next_cursor"]
        path = cursor and f"/v1/categories?limit=7&cursor={cursor}"
    assert [category["id"] for category in listed if category["id"] in ids] == ids
    assert len({category["id"] for category in listed}) == len(listed)
    positions = [category["position"] for category in listed]
    assert positions == sorted(positions)
    shown = next(category for category in listed if category["id"] == ids[0])
    assert shown == {"id": ids[0], "title": "Category 0", "position": 900_000, "parent": None}
    assert shop.api.get("/v1/categories?cursor=AAAA").status == 400


def test_a_retry_of_a_created_category_returns_the_same_category(shop: Shop) -> None:
    body = {"id": fresh("cat"), "title": {"zh-CN": "美食", "en": "Food"}, "position": 3}
    key = new_key()
    first, again = shop.post("categories", body, key=key), shop.post("categories", body, key=key)
    assert first.body == {**body, "version": 1, "parent": None}
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = shop.post("categories", {**body, "id": fresh("cat")}, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    taken = shop.post("categories", {**body, "position": 4})
    assert (taken.status, taken.body["code"]) == (409, "category_exists")
    found = shop.categories()
    assert [c["position"] for c in found if c["id"] == body["id"]] == [3]


def test_a_change_to_a_category_needs_its_version(shop: Shop) -> None:
    path = f"categories/{shop.category}"
    changed = shop.patch(path, {"title": {"en": "House"}, "position": 7}, version=1)
    assert changed.body == {
        "id": shop.category,
        "version": 2,
        "title": {"zh-CN": "家居", "en": "House"},
        "position": 7,
        "parent": None,
    }
    assert shop.patch(path, {"position": 8}, version=1).status == 412
    assert shop.patch("categories/none-such", {"position": 8}, version=1).status == 404
    headers = {"If-Match": "2"}
    body = {"position": 8}
    refused = shop.api.patch(f"/v1/admin/{path}", body, as_=shop.agent, headers=headers)
    assert refused.status == 403
    assert changed.body in shop.categories()


def test_ops_see_a_price_in_all_its_forms_in_the_list(shop: Shop) -> None:
    cash, instead = {"amount": 500, "currency": "CNY"}, {"amount": 4000, "currency": "CNY"}
    made = shop.product(
        status="draft", price={"points": 800, "cash": cash, "cash_equivalent": instead}
    )
    listed = next(p for p in shop.admin_listed(status="draft") if p["id"] == made["id"])
    assert listed["points"] == 800
    assert listed["price"] == {**made["price"], "min_points": 0}
