"""Specs in the reader's language, and how the goods of orders look, over the API."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel.ids import new_id
from tests.api import Answer
from tests.catalog.shop import Shop, codes_of, fresh
from tests.kernel.wire import faults

WORDS = {
    "colour": {"zh-CN": "颜色", "en": "Colour"},
    "red": {"zh-CN": "红", "en": "Red"},
    "blue": {"zh-CN": "蓝", "en": ""},
}
PICTURE = "/pictures/cup.svg"


def skus() -> list[dict[str, Any]]:
    return [
        {"sku": fresh("CUP"), "specs": {"colour": colour}, "stock": 3} for colour in ("red", "blue")
    ]


def worded(shop: Shop, **other: Any) -> dict[str, Any]:
    return shop.product(**{"skus": skus(), "spec_words": WORDS, "pictures": [PICTURE], **other})


def asked(shop: Shop, path: str, language: str = "en") -> Answer:
    return shop.api.get(path, headers={"Accept-Language": language})


def looks(shop: Shop, *ids: str, language: str = "en") -> list[dict[str, Any]]:
    answer = asked(shop, f"/v1/products/looks?ids={','.join(ids)}", language)
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.body["data"]
    return found


def test_a_page_shows_specs_in_its_readers_language_and_ops_see_them_raw(shop: Shop) -> None:
    made = worded(shop)
    path = f"/v1/products/{made['id']}"
    chinese, english = asked(shop, path, "zh-CN").body, asked(shop, path).body
    assert chinese["specs"] == [{"name": "颜色", "values": ["红", "蓝"]}]
    assert english["specs"] == [{"name": "Colour", "values": ["Red", "blue"]}]
    assert [sku["specs"] for sku in chinese["skus"]] == [{"颜色": "红"}, {"颜色": "蓝"}]
    assert [sku["specs"] for sku in english["skus"]] == [{"Colour": "Red"}, {"Colour": "blue"}]
    seen = shop.get(f"products/{made['id']}").body
    assert seen["specs"] == [{"name": "colour", "values": ["red", "blue"]}]
    assert (seen["spec_words"], seen["skus"][0]["specs"]) == (WORDS, {"colour": "red"})
    sku = shop.get(f"skus/{made['skus'][0]['sku']}").body
    assert sku["specs"] == {"colour": "red"}


def test_words_are_changed_and_leave_stock_as_it_was(shop: Shop) -> None:
    made = worded(shop)
    words = {"red": {"en": "Cherry"}}
    changed = shop.patch(f"products/{made['id']}", {"spec_words": words}, version=1)
    assert changed.status == 200
    assert changed.body["spec_words"] == {"red": {"zh-CN": "", "en": "Cherry"}}
    assert shop.available(made["skus"][0]["sku"]) == 3
    (look,) = looks(shop, made["id"])
    assert [sku["specs"] for sku in look["skus"]] == [{"colour": "Cherry"}, {"colour": "blue"}]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ({"green": {"en": "Green"}}, ("spec_words.green", "unknown_spec")),
        ({"red": {"en": "blue"}}, ("spec_words.red.en", "duplicate_words")),
        ({"red": {"en": "R" * 41}}, ("spec_words.red.en", "too_long")),
        ({"red": {"en": 1}}, ("spec_words.red.en", "invalid")),
        ({"red": {"fr": "Rouge"}}, ("spec_words.red.fr", "unknown_field")),
        ({f"c{n}": {} for n in range(81)}, ("spec_words", "too_many")),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_wrong_words_are_refused_and_nothing_changes(
    shop: Shop, words: Any, wrong: tuple[str, str]
) -> None:
    refused = shop.post("products", shop.draft(skus=skus(), spec_words=words))
    assert (refused.status, codes_of(refused)) == (400, [wrong])
    assert shop.listed() == []
    made = worded(shop)
    change = shop.patch(f"products/{made['id']}", {"spec_words": words}, version=1)
    assert (change.status, codes_of(change)) == (400, [wrong])
    assert shop.get(f"products/{made['id']}").body == made


def test_looks_are_told_in_the_order_of_the_ids_and_in_one_language(shop: Shop) -> None:
    first, second = worded(shop), shop.product()
    found = looks(shop, second["id"], first["id"], second["id"], language="zh-CN")
    assert [each["id"] for each in found] == [second["id"], first["id"]]
    assert found[1] == {
        "id": first["id"],
        "title": "保温杯",
        "picture": PICTURE,
        "thumbnail": PICTURE,
        "skus": [
            {"sku": first["skus"][0]["sku"], "specs": {"颜色": "红"}},
            {"sku": first["skus"][1]["sku"], "specs": {"颜色": "蓝"}},
        ],
    }
    assert (found[0]["picture"], found[0]["thumbnail"]) == (None, None)


def test_goods_off_sale_are_told_and_those_never_on_sale_are_not(shop: Shop) -> None:
    off = shop.product(status="off_sale")["id"]
    over = shop.product(on_sale_until="2020-01-01T00:00:00Z")["id"]
    draft = shop.product(status="draft")["id"]
    coming = shop.product(on_sale_from="2099-01-01T00:00:00Z")["id"]
    unknown = [new_id("prd"), "CUP-RED", ""]
    found = looks(shop, draft, off, coming, over, *unknown)
    assert [each["id"] for each in found] == [off, over]


def test_a_hundred_looks_are_one_request_and_no_more_are_told(shop: Shop) -> None:
    ids = [shop.product()["id"] for _ in range(3)] + [new_id("prd") for _ in range(97)]
    with faults("BatchGetItem") as batches, faults("GetItem") as gets, faults("Query") as queries:
        assert [each["id"] for each in looks(shop, *ids)] == ids[:3]
    assert (len(batches), gets, queries) == (1, [], [])
    with faults("BatchGetItem") as batches:
        refused = asked(shop, f"/v1/products/looks?ids={','.join([*ids, new_id('prd')])}")
    assert (refused.status, codes_of(refused), batches) == (400, [("ids", "too_many")], [])


def test_looks_need_ids(shop: Shop) -> None:
    assert asked(shop, "/v1/products/looks").status == 400
