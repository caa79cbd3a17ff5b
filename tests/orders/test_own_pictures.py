"""Pictures of reviews and returns: checked, the member's own, each given to one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.orders.tables.reviews import ReviewItem
from tests.api import Answer, new_key, token
from tests.catalog.buckets import Buckets
from tests.orders.returned import Returned
from tests.orders.reviewed import Reviewed
from tests.world import World

UNKNOWN = f"/pictures/upl_{'a' * 26}.png"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Buckets:
    return Buckets.instead_of_s3(monkeypatch)


@pytest.fixture
def goods(world: World) -> Reviewed:
    return Reviewed(world)


def codes(refused: Answer) -> list[tuple[str, str]]:
    return [(each["field"], each["code"]) for each in refused.body["errors"]]


def test_a_review_shows_its_pictures_to_its_member_the_staff_and_once_published_to_all(
    goods: Reviewed, s3: Buckets
) -> None:
    member, order = goods.buy()
    pictures = [s3.checked(goods.api, member) for _ in range(6)]
    small = [each.replace(".png", "-small.png") for each in pictures]
    written = goods.write(member, order, pictures=pictures)
    assert written.status == 201, written.body
    for seen in (written.body, goods.staff(written.body["id"])):
        assert (seen["pictures"], seen["thumbnails"]) == (pictures, small)
    assert goods.act(written.body["id"], "publish").status == 200
    (shown,) = goods.shown()
    assert (shown["pictures"], shown["thumbnails"]) == (pictures, small)


def test_a_retry_of_a_review_with_pictures_is_a_replay(goods: Reviewed, s3: Buckets) -> None:
    member, order = goods.buy()
    pictures, key = [s3.checked(goods.api, member)], new_key()
    first = goods.write(member, order, key=key, pictures=pictures)
    again = goods.write(member, order, key=key, pictures=pictures)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = goods.write(member, order, key=key, pictures=[])
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_return_shows_its_pictures_to_its_member_and_the_staff(world: World, s3: Buckets) -> None:
    returned = Returned(world)
    pictures, key = [s3.checked(world.api, returned.member)], new_key()
    made = returned.ask(1, key=key, pictures=pictures)
    assert made.status == 201, made.body
    again = returned.ask(1, key=key, pictures=pictures)
    assert (again.body, again.headers["Idempotent-Replayed"]) == (made.body, "true")
    path = f"/v1/admin/returns/{made.body['id']}"
    staff = world.api.get(path, as_=returned.ops).body
    for seen in (made.body, staff):
        assert seen["pictures"] == pictures
        assert seen["thumbnails"] == [pictures[0].replace(".png", "-small.png")]


Send = Callable[[Buckets, World, str], str]
REFUSED: dict[str, tuple[Send, str]] = {
    "unknown": (lambda *_: UNKNOWN, "unknown_picture"),
    "elsewhere": (lambda *_: "/pictures/cup.svg", "unknown_picture"),
    "of another member": (
        lambda s3, world, _: s3.checked(world.api, world.member(0)),
        "unknown_picture",
    ),
    "of goods": (lambda s3, world, _: _of_goods(world), "unknown_picture"),
    "with another ending": (
        lambda s3, world, me: s3.checked(world.api, me).replace(".png", ".jpg"),
        "unknown_picture",
    ),
    "not yet checked": (lambda s3, world, me: s3.begun(world.api, me, b"12"), "picture_not_ready"),
    "no picture": (lambda s3, world, me: s3.checked(world.api, me, b"<html>"), "picture_refused"),
}


def _of_goods(world: World) -> str:
    body = {"content_type": "image/png", "bytes": 9}
    made = world.api.post("/v1/admin/uploads", body, as_=world.ops, key=new_key())
    path: str = made.body["path"]
    return path


@pytest.mark.parametrize("case", REFUSED)
def test_other_pictures_are_refused_with_a_review_and_a_return(
    goods: Reviewed, world: World, s3: Buckets, case: str
) -> None:
    send, code = REFUSED[case]
    member, order = goods.buy()
    good, bad = s3.checked(goods.api, member), send(s3, world, member)
    refused = goods.write(member, order, pictures=[good, bad])
    assert (refused.status, codes(refused)) == (400, [("pictures[1]", code)])
    returned = Returned(world)
    bad = send(s3, world, returned.member)
    before = returned.state()
    refused = returned.ask(1, pictures=[bad])
    assert (refused.status, codes(refused)) == (400, [("pictures[0]", code)])
    assert returned.state() == before
    assert goods.write(member, order, pictures=[good]).status == 201


def test_a_picture_is_given_once(goods: Reviewed, world: World, s3: Buckets) -> None:
    returned = Returned(world)
    used = s3.checked(world.api, returned.member)
    assert returned.ask(1, pictures=[used]).status == 201
    _, order = goods.buy(returned.member)
    refused = goods.write(returned.member, order, pictures=[used])
    assert (refused.status, codes(refused)) == (400, [("pictures[0]", "picture_used")])
    fresh = s3.checked(world.api, returned.member)
    refused = goods.write(returned.member, order, pictures=[fresh, fresh])
    assert codes(refused) == [("pictures[1]", "picture_named_twice")]
    refused = goods.write(returned.member, order, pictures=[fresh] * 7)
    assert (refused.status, codes(refused)[0][0]) == (400, "pictures")
    assert goods.write(returned.member, order, pictures=[fresh]).status == 201


def test_of_two_reviews_at_once_one_gets_the_picture(goods: Reviewed, s3: Buckets) -> None:
    member = goods.world.member(100)
    orders = [goods.buy(member)[1] for _ in range(4)]
    used = s3.checked(goods.api, member)

    def write(order: str) -> Any:
        return goods.write(member, order, pictures=[used])

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(write, orders))
    refused = [each for each in answers if each.status != 201]
    assert [codes(each) for each in refused] == [[("pictures[0]", "picture_used")]] * 3
    mine = goods.api.get("/v1/me/reviews", as_=token(member)).body["data"]
    assert [each["pictures"] for each in mine] == [[used]]


def test_a_review_of_an_earlier_release_has_no_pictures(goods: Reviewed) -> None:
    review_id = goods.review()
    item = ReviewItem.find(review_id, "REVIEW")
    assert item is not None
    assert item.pictures is None
    assert goods.staff(review_id)["pictures"] == []
