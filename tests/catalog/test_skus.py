"""The staff lists SKUs by what is left of them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.catalog.queries import skus
from tests.api import Api, new_key, token
from tests.world import World

PATH = "/v1/admin/skus"


def product(world: World, *stocks: int, **other: Any) -> list[str]:
    """The SKUs of a product, one for each stock."""
    made = [
        {"sku": f"S-{new_key()}", "specs": {"size": str(number)}, "stock": stock}
        for number, stock in enumerate(stocks)
    ]
    return [each["sku"] for each in world.product(skus=made, **other)["skus"]]


def listed(world: World, query: str = "", *, limit: int = 100) -> list[str]:
    """The SKUs of all pages; a page is shorter where many products are passed over."""
    return [each["sku"] for each in rows(world, query, limit=limit)]


def rows(world: World, query: str = "", *, limit: int = 100) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        path = f"{PATH}?limit={limit}{query}{cursor}"
        answer = world.api.get(path, as_=world.ops)
        assert answer.status == 200, answer.body
        found += answer.body["data"]
        if answer.body["next_cursor"] is None:
            return found
        assert len(answer.body["data"]) <= limit
        cursor = f"&cursor={answer.body['next_cursor']}"


def of(wanted: list[str], found: list[str]) -> list[str]:
    return [sku for sku in found if sku in wanted]


def test_a_sku_is_listed_as_it_is_shown(world: World) -> None:
    (sku,) = product(world, 7)
    (row,) = [each for each in rows(world, "&left=low") if each["sku"] == sku]
    assert row == world.api.get(f"{PATH}/{sku}", as_=world.ops).body
    assert row["stock"] == {"status": "low", "available": 7}


@pytest.mark.parametrize("limit", [3, 100])
def test_skus_are_listed_by_what_is_left(world: World, limit: int) -> None:
    first = product(world, 11, 10, 0)
    second = product(world, 0, 1, 500)
    made = [*second, *first]
    expected = {
        "": made,
        "&left=short": [second[0], second[1], first[1], first[2]],
        "&left=low": [second[1], first[1]],
        "&left=sold_out": [second[0], first[2]],
    }
    for query, wanted in expected.items():
        found = listed(world, query, limit=limit)
        assert len(found) == len(set(found))
        assert of(made, found) == wanted


def test_a_sale_and_a_restock_move_a_sku(world: World) -> None:
    (sku,) = product(world, 11, points=10)
    member = world.member(100)
    world.address(member)
    assert of([sku], listed(world, "&left=short")) == []
    assert world.order(member, sku).status == 201
    assert of([sku], listed(world, "&left=low")) == [sku]
    body = {"quantity": 5, "reason": "x"}
    restocked = world.api.post(f"{PATH}/{sku}/restock", body, as_=world.ops, key=new_key())
    assert restocked.status == 201
    assert of([sku], listed(world, "&left=short")) == []


def test_pools_are_listed_by_the_codes_that_are_left(world: World) -> None:
    empty = world.sku(kind="virtual", stock=0)
    some = world.sku(kind="virtual", stock=2)
    (goods,) = product(world, 0)
    made = [empty, some, goods]
    assert of(made, listed(world, "&kind=virtual")) == [some, empty]
    assert of(made, listed(world, "&kind=virtual&left=sold_out")) == [empty]


def test_skus_of_one_status_are_listed(world: World) -> None:
    (draft,) = product(world, 0, status="draft")
    (sold,) = product(world, 0)
    made = [draft, sold]
    assert of(made, listed(world, "&status=on_sale&left=short")) == [sold]
    assert of(made, listed(world, "&status=draft&kind=physical")) == [draft]


def test_a_request_looks_at_some_products_and_the_next_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skus, "MOST_PRODUCTS", 2)
    (short,) = product(world, 0)
    plenty = [sku for _ in range(3) for sku in product(world, 50)]
    pages: list[Any] = []
    path = f"{PATH}?left=short"
    for _ in range(4):
        cursor = f"&cursor={pages[-1]['next_cursor']}" if pages else ""
        pages.append(world.api.get(path + cursor, as_=world.ops).body)
    assert pages[0]["data"] == []
    found = [each["sku"] for page in pages for each in page["data"]]
    assert of([short, *plenty], found) == [short]


@pytest.mark.parametrize(
    ("query", "field"),
    [("left=little", "left"), ("kind=x", "kind"), ("status=x", "status"), ("limit=0", "limit"),
     ("cursor=abc", "cursor"), ("stock=low", "stock")],
)  # fmt: skip
def test_a_bad_query_names_its_parameter(api: Api, query: str, field: str) -> None:
    answer = api.get(f"{PATH}?{query}", as_=token("mbr_staff", "ops"))
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)


def test_a_cursor_of_one_filter_is_none_of_another(world: World) -> None:
    product(world, 0, 0)
    cursor = world.api.get(f"{PATH}?limit=1&left=short", as_=world.ops).body["next_cursor"]
    answer = world.api.get(f"{PATH}?limit=1&left=low&cursor={cursor}", as_=world.ops)
    assert (answer.status, answer.body["code"]) == (400, "invalid_cursor")
