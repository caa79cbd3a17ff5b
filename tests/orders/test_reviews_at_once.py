"""Reviews under threads on the real engine: each line, each act and each mark counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.audit import Act, Actor
from chalicelib.kernel import ids
from chalicelib.kernel.errors import JifenError
from chalicelib.orders.actions.helpful import mark_helpful, unmark_helpful
from chalicelib.orders.actions.reviews import act_on_review, write_review
from chalicelib.orders.queries.reviews import get_review
from chalicelib.orders.rules.reviews import HIDE, PUBLISH, ReviewAct, Written
from chalicelib.orders.tables.reviews import HelpfulItem
from tests.api import new_key, token
from tests.orders.reviewed import Reviewed
from tests.world import World


@pytest.fixture
def goods(world: World) -> Reviewed:
    return Reviewed(world)


def at_once(calls: Sequence[Callable[[], Any]]) -> Counter[str]:
    """The outcomes of concurrent calls: `done`, or the code of the refusal."""

    def outcome(call: Callable[[], Any]) -> str:
        try:
            call()
        except JifenError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(len(calls)) as threads:
        return Counter(threads.map(outcome, calls))


def act(review_id: str, name: str, text: str | None = None) -> None:
    """An act of somebody of the staff who does nothing else."""
    actor = ids.new_id("mbr")
    done_by = Actor(actor, frozenset({"ops"}), None, "r")
    audited = Act(ids.new_id("act"), f"review.{name}", review_id, done_by, 1)
    act_on_review(review_id, ReviewAct(name, actor, 1), text, audited)


def test_reviews_of_one_line_at_once_leave_one(goods: Reviewed) -> None:
    member, order = goods.buy()

    def write(stars: int) -> Callable[[], Any]:
        key = new_key().encode()
        return lambda: write_review(
            Written(
                order_id=order,
                member_id=member,
                sku=goods.sku,
                rating=stars,
                text="好",
                created_at_ms=stars,
                made_by=ids.digest(key),
                content=b"c",
            )
        )

    done = at_once([write(1 + number % 5) for number in range(8)])
    assert done == {"done": 1, "already_reviewed": 7}
    assert len(goods.api.get("/v1/me/reviews", as_=token(member)).body["data"]) == 1


def test_publishing_at_once_counts_once(goods: Reviewed) -> None:
    review = goods.review(rating=4)
    done = at_once([lambda: act(review, PUBLISH)] * 8)
    assert done == {"done": 1, "not_allowed_in_this_state": 7}
    assert goods.rating()["stars"] == [0, 0, 0, 1, 0]
    assert [each["id"] for each in goods.shown()] == [review]
    admin = token(ids.new_id("mbr"), "admin")
    audited = goods.api.get(f"/v1/admin/audit?subject={review}", as_=admin).body["data"]
    assert [each["action"] for each in audited] == ["review.publish"]


def test_the_rating_is_exact_after_any_storm_of_acts(goods: Reviewed) -> None:
    reviews = [goods.review(rating=stars) for stars in (1, 3, 5)]
    storm = [
        lambda review=review, name=name: act(review, name, "x" if name == HIDE else None)
        for review in reviews
        for name in (PUBLISH, HIDE) * 3
    ]
    done = at_once(storm)
    assert set(done) <= {"done", "not_allowed_in_this_state", "unavailable"}
    states = {review: get_review(review) for review in reviews}
    published = {each for each, review in states.items() if review.status == "published"}
    assert {each["id"] for each in goods.shown()} == published
    stars = Counter(review.rating for review in states.values() if review.status == "published")
    assert goods.rating()["stars"] == [stars[each] for each in range(1, 6)]


def test_marks_of_many_at_once_are_all_counted(goods: Reviewed) -> None:
    review = goods.published()
    readers = [ids.new_id("mbr") for _ in range(16)]
    marks = [lambda reader=reader: mark_helpful(review, reader) for reader in readers * 2]
    assert at_once(marks) == {"done": 32}
    assert [each["helpful"] for each in goods.shown("&sort=helpful")] == [16]
    taken = [lambda reader=reader: unmark_helpful(review, reader) for reader in readers[:6] * 2]
    assert at_once(taken) == {"done": 12}
    assert [each["helpful"] for each in goods.shown("&rating=5&sort=helpful")] == [10]


def test_marks_while_a_review_is_hidden_and_shown_agree_with_the_members(goods: Reviewed) -> None:
    review = goods.published()
    readers = [ids.new_id("mbr") for _ in range(12)]
    marks = [lambda reader=reader: mark_helpful(review, reader) for reader in readers]
    acts = [lambda: act(review, HIDE, "x"), lambda: act(review, PUBLISH)] * 2
    done = at_once([*marks, *acts])
    assert set(done) <= {"done", "not_found", "not_allowed_in_this_state", "unavailable"}
    if get_review(review).status != "published":
        act(review, PUBLISH)
    kept = sum(
        HelpfulItem.find(mark.pk, mark.sk) is not None
        for mark in (HelpfulItem.of(reader, get_review(review)) for reader in readers)
    )
    for query in ("", "&sort=helpful", "&rating=5"):
        assert [each["helpful"] for each in goods.shown(query)] == [kept]
