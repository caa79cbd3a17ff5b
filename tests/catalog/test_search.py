"""The index of goods: what a search finds, how fresh it is, and lists while it is away."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.catalog.actions import indexing
from chalicelib.catalog.queries import index
from chalicelib.catalog.tables import published
from chalicelib.kernel import clock
from tests.catalog.bucket import Bucket
from tests.catalog.searching import asked, build, found, search, titled
from tests.catalog.shop import Shop, fresh
from tests.conftest import Time
from tests.settings import changed

__all__ = ["search"]


@pytest.mark.parametrize(
    "query",
    ["保温", "保温杯", "温", "保溫杯", "thermos", "THERMOS", "therm", "ｔｈｅｒｍｏｓ",
     "bwb", "保温 thermos", "「保温杯」！"],
)  # fmt: skip
def test_a_search_finds_a_title_by_two_characters_either_script_a_beginning_or_initials(
    shop: Shop, search: Bucket, query: str
) -> None:
    cup = titled(shop, "不锈钢保温杯", "Thermos cups")
    titled(shop, "电饭煲", "Rice cooker")
    build()
    assert found(shop, q=query) == [cup]


@pytest.mark.parametrize("query", ["保杯", "hermos", "保温杯 rice", "wbx"])
def test_a_search_finds_nothing_that_lacks_one_of_its_words(
    shop: Shop, search: Bucket, query: str
) -> None:
    titled(shop, "不锈钢保温杯", "Thermos cups")
    titled(shop, "电饭煲", "Rice cooker")
    build()
    assert found(shop, q=query) == []


def test_titles_come_before_names_of_categories_and_scenes(shop: Shop, search: Bucket) -> None:
    scene = titled(shop, "雨伞", scene=["露营"])
    title = titled(shop, "露营灯")
    build()
    assert found(shop, q="露营") == [title, scene]
    assert set(found(shop, q="家居")) == {title, scene}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("水" * 101, "query_too_long"),
        ("a" * 10_000, "query_too_long"),
        ("，。！", "query_has_no_words"),
        ("  ", "query_has_no_words"),
    ],
)
@pytest.mark.parametrize("is_away", [False, True])
def test_a_search_without_words_or_with_too_many_has_its_own_code(
    shop: Shop, search: Bucket, query: str, code: str, is_away: bool
) -> None:
    build()
    search.is_away = is_away
    index.forget()
    refused = shop.api.get(f"/v1/products?{urlencode({'q': query})}")
    assert (refused.status, refused.body["code"]) == (400, code)


def test_without_an_index_a_search_waits_and_lists_work(shop: Shop, search: Bucket) -> None:
    cup = titled(shop, "保温杯", brand="acme", scene=["office"], price={"points": 100})
    dear = titled(shop, "手表", price={"points": 900})
    search.is_away = True
    refused = shop.api.get("/v1/products?q=cup")
    assert (refused.status, refused.body["code"]) == (503, "search_unavailable")
    assert refused.headers["Retry-After"] == "5"
    assert found(shop) == found(shop, sort="popular") == [dear, cup]
    assert found(shop, brand="acme") == found(shop, scene="office") == [cup]
    assert found(shop, max_points=100) == [cup]
    assert "facets" not in asked(shop, facets="true")


def test_an_index_that_was_read_answers_while_its_bucket_is_away(
    shop: Shop, search: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    cup = titled(shop, "保温杯")
    build()
    assert found(shop, q="保温") == [cup]
    search.is_away = True
    now = changed(search_refreshed_seconds=0)
    monkeypatch.setattr(index, "config", lambda: now)
    assert found(shop, q="保温") == [cup]


def test_a_change_is_found_after_its_batch_and_a_conditional_read(
    shop: Shop, search: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shop.product()
    build()
    assert found(shop, q="保温") == [made["id"]]
    shop.patch(f"products/{made['id']}", {"title": {"zh-CN": "电饭煲"}}, version=1)
    new = titled(shop, "水壶")
    indexing.index_changes([made["id"], new], [], clock.now())
    index.forget()
    assert found(shop, q="保温") == []
    assert found(shop, q="电饭煲") == [made["id"]]
    assert found(shop, q="水壶") == [new]
    shop.patch(f"products/{new}", {"status": "off_sale"}, version=1)
    assert found(shop, q="水壶") == []  # the row itself is gone
    indexing.index_changes([new], [], clock.now())
    search.reads.clear()
    index.forget()
    assert found(shop, q="水壶") == []
    assert len(search.reads) == 2
    now = changed(search_refreshed_seconds=0)
    monkeypatch.setattr(index, "config", lambda: now)
    index.forget()
    found(shop, q="a")
    search.reads.clear()
    found(shop, q="a")
    assert search.reads == []


def test_writers_at_the_same_time_undo_nothing(shop: Shop, search: Bucket) -> None:
    build()
    first, second = titled(shop, "保温杯"), titled(shop, "保温壶")
    search.before_put.append(lambda: indexing.index_changes([second], [], clock.now()))
    indexing.index_changes([first], [], clock.now())
    index.forget()
    assert set(found(shop, q="保温")) == {first, second}


@pytest.mark.parametrize("left", [None, b"", b"no file", zlib.compress(b""), zlib.compress(b"x")])
def test_an_index_whose_base_is_gone_or_not_whole_is_built_again(
    shop: Shop, search: Bucket, left: bytes | None
) -> None:
    cup = titled(shop, "保温杯")
    build()
    for key in [each for each in search.objects if each.startswith("base/")]:
        del search.objects[key]
        if left is not None:
            search.objects[key] = left
    index.forget()
    assert shop.api.get("/v1/products?q=cup").status == 503
    indexing.index_changes([cup], [], clock.now())
    index.forget()
    assert found(shop, q="保温杯") == [cup]


def test_two_builds_at_the_same_time_leave_a_whole_index(
    shop: Shop, search: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Forks of one process share its folder, as the workers of the local stack do.
    cup, publish = titled(shop, "保温杯"), published.publish_base

    def publish_after_another(path: Path, built_ms: int) -> str:
        monkeypatch.setattr(published, "publish_base", publish)
        indexing.rebuild(clock.now())
        return publish(path, built_ms)

    monkeypatch.setattr(published, "publish_base", publish_after_another)
    build()
    assert found(shop, q="保温杯") == [cup]


def test_a_base_that_another_writer_has_yet_to_name_is_kept(
    shop: Shop, search: Bucket, time: Time
) -> None:
    build()
    search.objects["base/9999999999999-other"] = b""
    time.advance(hours=2)
    build()
    time.advance(hours=2)
    build()
    kept = [each for each in search.objects if each.startswith("base/")]
    assert ("base/9999999999999-other" in kept, len(kept)) == (True, 3)


def test_what_changes_while_an_index_is_built_stays(shop: Shop, search: Bucket, time: Time) -> None:
    build()
    new: list[str] = []

    def change() -> None:
        new.append(titled(shop, "保温杯"))
        indexing.index_changes(new, [{new[0]: 3}], clock.now())

    search.before_put.append(change)
    build()
    assert found(shop, q="保温杯") == new
    held, _ = index.reread()
    assert held is not None
    assert held.delta.sold == {new[0]: 3}


def test_popular_goods_come_first_and_pages_go_on_behind_their_place(
    shop: Shop, search: Bucket
) -> None:
    ids = [titled(shop, f"杯子{number}") for number in range(5)]
    build()
    indexing.index_changes([], [{ids[1]: 5}, {ids[3]: 2}, {ids[3]: 1}], clock.now())
    build()
    expected = [ids[1], ids[3]]
    assert found(shop, sort="popular")[:2] == expected
    assert shop.listed(sort="popular", limit=2)[:2] == expected
    assert sorted(shop.listed(sort="popular", limit=2)) == sorted(ids)
    assert shop.listed(q="杯子", limit=2)[:2] == expected
    assert sorted(shop.listed(q="杯子", limit=1)) == sorted(ids)


@pytest.mark.parametrize("sort", ["newest", "points", "-points"])
def test_pages_show_each_product_once_while_goods_are_added_and_the_index_comes_and_goes(
    shop: Shop, search: Bucket, sort: str, time: Time
) -> None:
    ids = []
    for number in range(6):
        ids.append(titled(shop, "杯", price={"points": 100 + number % 3}, brand="acme"))
        time.advance(milliseconds=3)
    build()
    query = {"brand": "acme", "sort": sort, "limit": 2}
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    for turn in range(4):
        body = asked(shop, **query, **cursor)
        seen += [each["id"] for each in body["data"]]
        if body["next_cursor"] is None:
            break
        cursor = {"cursor": body["next_cursor"]}
        extra = titled(shop, "杯", price={"points": 50 + turn}, brand="acme")
        search.is_away = False
        indexing.index_changes([extra], [], clock.now())
        search.is_away = turn % 2 == 0
        index.forget()
    once = [each for each in seen if each in ids]
    assert sorted(once) == sorted(ids)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("has_index", [True, False])
@pytest.mark.parametrize("sort", ["newest", "points", "-points"])
def test_a_category_stands_for_all_below_it(
    shop: Shop, search: Bucket, has_index: bool, sort: str
) -> None:
    child, grandchild = fresh("cat"), fresh("cat")
    for name, parent in ((child, shop.category), (grandchild, child)):
        title = {"zh-CN": "水具", "en": "Cups"}
        shop.post("categories", {"id": name, "title": title, "parent": parent})
    ids = [
        titled(shop, "杯", category=name, price={"points": points})
        for points, name in enumerate((shop.category, child, grandchild, child), 1)
    ]
    build()
    search.is_away = not has_index
    index.forget()
    listed = shop.listed(sort=sort, limit=2)
    assert sorted(listed) == sorted(ids)
    assert sort == "newest" or listed == (ids if sort == "points" else ids[::-1])
    assert sorted(shop.listed(category=child)) == sorted(ids[1:])
