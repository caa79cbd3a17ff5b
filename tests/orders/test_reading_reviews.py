"""Lists of reviews, and the members whom they helped."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace

from chalicelib.catalog.queries import ratings
from chalicelib.orders.queries.reviews import get_review
from chalicelib.orders.tables.reviews import ReviewItem
from tests.api import token
from tests.orders.reviewed import Reviewed
from tests.world import World


@pytest.fixture
def goods(world: World) -> Reviewed:
    return Reviewed(world)


def test_reviews_are_listed_by_time_by_stars_and_by_help(goods: Reviewed) -> None:
    first, second, third = (goods.published(rating=stars) for stars in (5, 1, 5))
    assert [each["id"] for each in goods.shown()] == [third, second, first]
    assert [each["id"] for each in goods.shown("&rating=5")] == [third, first]
    assert goods.shown("&rating=3") == []
    readers = [goods.world.member() for _ in range(2)]
    for reader in readers:
        assert goods.mark(first, reader).status == 200
    goods.mark(second, readers[0])
    by_help = goods.shown("&sort=helpful")
    assert [(each["id"], each["helpful"]) for each in by_help] == [
        (first, 2),
        (second, 1),
        (third, 0),
    ]
    assert [each["id"] for each in goods.shown("&rating=5&sort=helpful")] == [first, third]
    path = f"/v1/products/{goods.id}/reviews?limit=2"
    page = goods.api.get(path).body
    rest = goods.api.get(f"{path}&cursor={page['next_cursor']}").body
    assert [each["id"] for each in page["data"] + rest["data"]] == [third, second, first]
    assert rest["next_cursor"] is None


def test_the_reviews_of_no_product_are_not_found(goods: Reviewed) -> None:
    for product_id in ("prd_x", "prd_" + "a" * 26):
        assert goods.api.get(f"/v1/products/{product_id}/reviews").status == 404
    assert goods.shown() == []


def test_a_mark_counts_once_and_can_be_taken_back(goods: Reviewed) -> None:
    review, reader = goods.published(), goods.world.member()
    for _ in range(2):
        marked = goods.mark(review, reader)
        assert marked.body == {"id": review, "helpful": 1, "marked": True}
    path = f"/v1/me/helpful-reviews?product_id={goods.id}"
    assert goods.api.get(path, as_=token(reader)).body["data"] == [{"id": review}]
    for _ in range(2):
        taken = goods.mark(review, reader, taken=True)
        assert taken.body == {"id": review, "helpful": 0, "marked": False}
    assert goods.api.get(path, as_=token(reader)).body["data"] == []


def test_a_member_does_not_mark_an_own_review_or_one_that_is_not_published(
    goods: Reviewed,
) -> None:
    member, order = goods.buy()
    review = goods.write(member, order).body["id"]
    assert goods.mark(review, goods.world.member()).status == 404
    goods.act(review, "publish")
    refused = goods.mark(review, member)
    assert (refused.status, refused.body["code"]) == (409, "own_review")
    assert [each["helpful"] for each in goods.shown()] == [0]
    assert goods.mark("rvw_x", member).status == 404


def test_lists_of_products_show_the_rating(goods: Reviewed) -> None:
    goods.published(rating=4)
    rows = goods.api.get(f"/v1/products?category={goods.world.category}").body["data"]
    shown = {each["id"]: each["rating"] for each in rows}
    assert shown[goods.id] == {"count": 1, "average_hundredths": 400}


def test_a_list_shows_a_rating_of_the_last_minute_and_the_page_that_of_now(
    goods: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed() -> int:
        rows = goods.api.get(f"/v1/products?category={goods.world.category}").body["data"]
        return next(int(each["rating"]["count"]) for each in rows if each["id"] == goods.id)

    now_ns = time.monotonic_ns()
    monkeypatch.setattr(time, "monotonic_ns", lambda: now_ns)
    assert listed() == 0
    goods.published(rating=4)
    assert (listed(), goods.rating()["count"]) == (0, 1)
    now_ns += ratings.FRESH_S * 10**9 - 1
    assert listed() == 0
    now_ns += 1
    assert listed() == 1


def test_pictures_of_a_review_are_shown(goods: Reviewed) -> None:
    review = get_review(goods.published())
    pictures = ("/pictures/a.jpg", "/pictures/b.jpg")
    ReviewItem.of(replace(review, pictures=pictures)).save()
    assert [each["pictures"] for each in goods.shown()] == [list(pictures)]
