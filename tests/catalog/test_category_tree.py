"""Categories stand in a tree, which no moves at once can break."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.catalog.actions.categories import update_category
from chalicelib.catalog.queries.categories import all_categories
from chalicelib.catalog.rules.drafts import CategoryChange
from chalicelib.kernel.errors import Invalid
from tests.catalog.shop import Shop, an_act, codes_of, fresh


def category(shop: Shop, parent: str | None = None) -> str:
    body = {"id": fresh("c"), "title": {"zh-CN": "类", "en": "C"}, "parent": parent}
    made = shop.post("categories", body)
    assert made.status == 201, made
    assert made.body["parent"] == parent
    return str(made.body["id"])


def parents(*ids: str) -> list[str | None]:
    found = {each.id: each.parent for each in all_categories(consistent=True)}
    return [found[each] for each in ids]


def test_a_category_is_made_below_another_and_moved(shop: Shop) -> None:
    home = category(shop)
    cups = category(shop, home)
    other = category(shop)
    public = shop.api.listed("/v1/categories")
    assert {each["id"]: each["parent"] for each in public if each["id"] in (home, cups)} == {
        home: None,
        cups: home,
    }
    moved = shop.patch(f"categories/{cups}", {"parent": other}, version=1)
    assert (moved.status, moved.body["parent"], moved.body["version"]) == (200, other, 2)
    top = shop.patch(f"categories/{cups}", {"parent": None}, version=2)
    assert top.body["parent"] is None
    kept = shop.patch(f"categories/{cups}", {"position": 5}, version=3)
    assert (kept.body["parent"], kept.body["position"]) == (None, 5)


def test_a_place_that_would_break_the_tree_is_refused(shop: Shop) -> None:
    chain = [category(shop)]
    for _ in range(3):
        chain.append(category(shop, chain[-1]))
    title = {"zh-CN": "类", "en": "C"}
    fifth = shop.post("categories", {"id": fresh("c"), "title": title, "parent": chain[-1]})
    assert codes_of(fifth) == [("parent", "too_deep")]
    nowhere = shop.post("categories", {"id": fresh("c"), "title": title, "parent": "none-such"})
    assert codes_of(nowhere) == [("parent", "unknown_category")]
    for below in chain:
        circle = shop.patch(f"categories/{chain[0]}", {"parent": below}, version=1)
        assert (circle.status, codes_of(circle)) == (400, [("parent", "category_cycle")])
    assert parents(*chain) == [None, *chain[:-1]]


@pytest.mark.parametrize("_round", range(5))
def test_of_two_moves_at_once_that_would_make_a_circle_one_is_refused(
    shop: Shop, _round: int
) -> None:
    pair = [category(shop), category(shop)]

    def move(at: int) -> str:
        try:
            act = an_act("category.change", pair[at])
            update_category(pair[at], CategoryChange(parent=pair[1 - at]), 1, act)
        except Invalid as refused:
            return refused.fields[0].code
        return "moved"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(move, range(2))) == ["category_cycle", "moved"]
    assert sorted(parents(*pair), key=str) in ([None, pair[0]], [None, pair[1]], [pair[0], None])
