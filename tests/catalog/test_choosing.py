"""Counts of choices, what a member can afford, similar and popular goods."""

from __future__ import annotations

import pytest

from chalicelib.catalog.actions import indexing
from chalicelib.catalog.queries import index
from chalicelib.catalog.queries.finding import find_card
from chalicelib.kernel import clock
from tests.api import token
from tests.catalog.bucket import Bucket
from tests.catalog.searching import asked, build, search, titled
from tests.catalog.shop import Shop, fresh
from tests.conftest import Time

__all__ = ["search"]


def test_facets_count_each_choice_without_its_own_filter(shop: Shop, search: Bucket) -> None:
    titled(shop, "杯", brand="acme", scene=["home", "office"])
    titled(shop, "杯", brand="acme", kind="service", scene=["office"])
    titled(shop, "壶", brand="zeta")
    build()
    facets = asked(shop, facets="true", brand="acme", limit=1)["facets"]
    assert [(each["id"], each["count"]) for each in facets["brands"]] == [("acme", 2), ("zeta", 1)]
    assert {each["id"]: each["count"] for each in facets["kinds"]} == {"physical": 1, "service": 1}
    assert [each["id"] for each in facets["scenes"]] == ["office", "home"]
    named = {each["id"]: (each["title"], each["count"]) for each in facets["categories"]}
    assert named[shop.category] == ("Home", 2)
    counted = asked(shop, facets="true", q="壶")["facets"]["kinds"]
    assert [(each["id"], each["count"]) for each in counted] == [("physical", 1)]


@pytest.mark.parametrize("has_index", [True, False])
def test_affordable_goods_are_those_whose_least_points_the_member_has(
    shop: Shop, search: Bucket, has_index: bool
) -> None:
    free = {"amount": 1000, "currency": "CNY"}
    part = titled(shop, "杯", price={"points": 500, "cash_equivalent": free, "min_points": 0})
    titled(shop, "壶", price={"points": 500})
    build()
    search.is_away = not has_index
    index.forget()
    path = f"/v1/products?category={shop.category}&affordable=true"
    answer = shop.api.get(path, as_=token(fresh("mbr"), "member"))
    assert [each["id"] for each in answer.body["data"]] == [part]
    refused = shop.api.get(path)
    assert (refused.status, refused.body["code"]) == (401, "unauthenticated")


def test_similar_goods_are_those_bought_together_then_those_of_the_brand(
    shop: Shop, search: Bucket
) -> None:
    cup = titled(shop, "杯", brand="acme")
    far = titled(shop, "灯", price={"points": 90_000})
    brother = titled(shop, "壶", brand="acme")
    gone = shop.product(brand="acme", skus=[{"sku": fresh("S"), "stock": 0}])["id"]
    build()
    path = f"/v1/products/{cup}/similar"
    closest = [each["id"] for each in shop.api.get(path).body["data"]]
    assert closest[0] == brother
    assert not {cup, gone} & set(closest)
    indexing.index_changes([], [{cup: 1, far: 1}], clock.now())
    index.forget()
    assert shop.api.get(path).body["data"][0]["id"] == far
    build()
    assert shop.api.get(path).body["data"][0]["id"] == far
    search.is_away = True
    index.forget()
    assert {each["id"] for each in shop.api.get(path).body["data"]} == {far, brother}
    assert shop.api.get(f"/v1/products/prd_{'a' * 26}/similar").status == 404


def test_popularity_fades_by_half_in_thirty_days(shop: Shop, search: Bucket, time: Time) -> None:
    cup = titled(shop, "杯")
    build()
    indexing.index_changes([], [{cup: 4}], clock.now())
    build()
    time.advance(days=30)
    build()
    held = index.current()
    card = find_card(held, cup)
    assert card is not None
    assert card.popularity == 2000
