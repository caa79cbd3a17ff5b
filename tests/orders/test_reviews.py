"""Reviews of completed lines: written once, published by the staff, counted in the rating."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import ids
from tests.api import new_key, token
from tests.orders.placed import Placed
from tests.orders.reviewed import WORDS, Reviewed
from tests.world import World

UNRATED = {"count": 0, "average_hundredths": None, "stars": [0, 0, 0, 0, 0]}


@pytest.fixture
def goods(world: World) -> Reviewed:
    return Reviewed(world)


def test_a_review_waits_until_the_staff_publishes_it(goods: Reviewed) -> None:
    member, order = goods.buy()
    named = {"nickname": "小满"}
    goods.api.patch("/v1/me", named, as_=token(member))
    written = goods.write(member, order, rating=4)
    assert written.status == 201, written.body
    own = written.body
    assert (own["status"], own["rating"], own["text"]) == ("pending", 4, WORDS)
    assert (own["order_id"], own["product_id"], own["sku"]) == (order, goods.id, goods.sku)
    assert (goods.shown(), goods.rating()) == ([], UNRATED)
    assert goods.act(own["id"], "publish").status == 200
    (shown,) = goods.shown()
    assert (shown["author"], shown["rating"], shown["helpful"]) == ("小**", 4, 0)
    assert set(shown).isdisjoint({"member_id", "order_id"})
    assert goods.rating() == {"count": 1, "average_hundredths": 400, "stars": [0, 0, 0, 1, 0]}
    mine = goods.api.get("/v1/me/reviews", as_=token(member)).body["data"]
    assert [(each["id"], each["status"]) for each in mine] == [(own["id"], "published")]


def test_a_retry_returns_the_review_and_other_words_under_its_key_are_refused(
    goods: Reviewed,
) -> None:
    member, order = goods.buy()
    key = new_key()
    first = goods.write(member, order, key=key)
    goods.act(first.body["id"], "publish")
    again = goods.write(member, order, key=key)
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    assert again.headers["Idempotent-Replayed"] == "true"
    before = goods.state()
    other = goods.write(member, order, key=key, rating=1)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert goods.state() == before


def test_a_line_is_reviewed_once(goods: Reviewed) -> None:
    member, order = goods.buy()
    first = goods.write(member, order)
    second = goods.write(member, order, rating=1)
    assert (second.status, second.body["code"]) == (409, "already_reviewed")
    assert second.body["review_id"] == first.body["id"]
    assert goods.staff(first.body["id"])["rating"] == 5
    _, other = goods.buy(member)
    assert goods.write(member, other).status == 201


def test_only_a_completed_line_is_reviewed(goods: Reviewed, world: World) -> None:
    order = Placed(world)
    refused = goods.write(order.member, order.id, sku=order.sku)
    assert (refused.status, refused.body["code"]) == (409, "not_allowed_in_this_state")
    assert refused.body["current_status"] == "awaiting_review"
    path = f"/v1/orders/{order.id}/reviews"
    lines = goods.api.get(path, as_=token(order.member)).body["data"]
    assert [(each["reviewable"], each["review"]) for each in lines] == [(False, None)]
    for act in ("take", "approve"):
        assert order.staff(act).status == 200
    parcel = {"carrier": "SF", "tracking_number": "SF1234567890"}
    assert order.staff("ship", parcel).status == 200
    assert order.own("confirm-receipt").status == 200
    lines = goods.api.get(path, as_=token(order.member)).body["data"]
    assert [each["reviewable"] for each in lines] == [True]
    assert goods.write(order.member, order.id, sku=order.sku).status == 201
    (line,) = goods.api.get(path, as_=token(order.member)).body["data"]
    assert (line["reviewable"], line["review"]["status"]) == (False, "pending")


def test_a_line_that_is_refunded_in_full_is_not_reviewed(goods: Reviewed) -> None:
    member, order = goods.buy(quantity=2)
    one = {"reason": "破损", "lines": [{"sku": goods.sku, "quantity": 1}]}
    path = f"/v1/admin/orders/{order}/refunds"
    assert goods.api.post(path, one, as_=goods.ops, key=new_key()).status == 201
    assert goods.write(member, order).status == 201
    member, order = goods.buy()
    body = {"reason": "破损"}
    path = f"/v1/admin/orders/{order}/refunds"
    assert goods.api.post(path, body, as_=goods.ops, key=new_key()).status == 201
    refused = goods.write(member, order)
    assert (refused.status, refused.body["code"]) == (409, "line_refunded")
    assert goods.api.get("/v1/me/reviews", as_=token(member)).body["data"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sku": "NOT-THERE"}, "sku"),
        ({"rating": 0}, "rating"),
        ({"rating": 6}, "rating"),
        ({"rating": 4.5}, "rating"),
        ({"rating": True}, "rating"),
        ({"text": ""}, "text"),
        ({"text": " \n\u200b "}, "text"),
        ({"text": "好" * 501}, "text"),
    ],
)
def test_a_review_out_of_bounds_is_refused(
    goods: Reviewed, change: dict[str, Any], field: str
) -> None:
    member, order = goods.buy()
    refused = goods.write(member, order, **change)
    assert refused.status == 400, refused.body
    assert refused.body["errors"][0]["field"] == field
    assert goods.api.get("/v1/me/reviews", as_=token(member)).body["data"] == []


@pytest.mark.parametrize(
    "text",
    ["好" * 500, "👨‍👩‍👧‍👦👍🏽", "<script>alert(1)</script>", "Ünï ‘quoted’\n第二行", "a" * 500],
)
def test_words_are_kept_as_they_are_written(goods: Reviewed, text: str) -> None:
    goods.published(text=text)
    assert [each["text"] for each in goods.shown()] == [text]


def test_nobody_reviews_the_order_of_another(goods: Reviewed) -> None:
    _, order = goods.buy()
    stranger = goods.world.member()
    assert goods.write(stranger, order).status == 404
    assert goods.api.get(f"/v1/orders/{order}/reviews", as_=token(stranger)).status == 404


def test_a_hidden_review_leaves_lists_and_rating_and_comes_back_with_its_marks(
    goods: Reviewed,
) -> None:
    review, kept = goods.published(rating=2), goods.published(rating=5)
    reader = goods.world.member()
    goods.mark(review, reader)
    hidden = goods.hide(review)
    assert (hidden.status, hidden.body["status"], hidden.body["reason"]) == (200, "hidden", "广告")
    assert [each["id"] for each in goods.shown()] == [kept]
    assert goods.rating()["stars"] == [0, 0, 0, 0, 1]
    before = goods.state()
    assert goods.mark(review, goods.world.member()).status == 404
    assert goods.mark(review, reader, taken=True).status == 404
    assert goods.state() == before
    assert goods.act(review, "publish").status == 200
    assert {each["id"]: each["helpful"] for each in goods.shown()} == {review: 1, kept: 0}
    assert goods.rating() == {"count": 2, "average_hundredths": 350, "stars": [0, 1, 0, 0, 1]}


def test_repeated_acts_change_the_rating_once(goods: Reviewed) -> None:
    review = goods.review(rating=3)
    assert goods.act(review, "publish").status == 200
    again = goods.act(review, "publish")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert goods.rating()["count"] == 1
    other = goods.act(review, "publish", as_=token(ids.new_id("mbr"), "admin"))
    assert (other.status, other.body["code"]) == (409, "not_allowed_in_this_state")
    assert other.body["current_status"] == "published"
    for _ in range(2):
        assert goods.hide(review).status == 200
    assert goods.rating() == UNRATED
    changed = goods.hide(review, "另一原因")
    assert (changed.status, goods.staff(review)["reason"]) == (409, "广告")


def test_the_shop_replies_to_a_published_review(goods: Reviewed) -> None:
    review = goods.review()
    words = {"text": "谢谢您的喜欢！"}
    early = goods.act(review, "reply", words, as_=goods.agent)
    assert (early.status, early.body["code"]) == (409, "not_allowed_in_this_state")
    goods.act(review, "publish")
    for _ in range(2):
        assert goods.act(review, "reply", words, as_=goods.agent).status == 200
    assert [each["reply"]["text"] for each in goods.shown()] == [words["text"]]
    assert goods.act(review, "reply", {"text": "更正"}).status == 200
    assert [each["reply"]["text"] for each in goods.shown()] == ["更正"]
    assert goods.rating()["count"] == 1


def test_a_late_retry_of_a_reply_leaves_a_later_one(goods: Reviewed) -> None:
    review, key = goods.review(), new_key()
    goods.act(review, "publish")
    path, words = f"/v1/admin/reviews/{review}/reply", {"text": "谢谢您的喜欢！"}
    assert goods.api.post(path, words, as_=goods.ops, key=key).status == 200
    assert goods.act(review, "reply", {"text": "更正"}).status == 200
    again = goods.api.post(path, words, as_=goods.ops, key=key)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert [each["reply"]["text"] for each in goods.shown()] == ["更正"]
    reused = goods.api.post(path, {"text": "别的"}, as_=goods.ops, key=key)
    assert (reused.status, reused.body["code"]) == (409, "idempotency_key_reused")


def test_roles_are_held(goods: Reviewed) -> None:
    review = goods.review()
    finance = token(ids.new_id("mbr"), "finance")
    for as_ in (token(goods.world.member()), finance):
        assert goods.api.get("/v1/admin/reviews", as_=as_).status == 403
        assert goods.act(review, "publish", as_=as_).status == 403
    for act, body in (("publish", None), ("hide", {"reason": "x"})):
        assert goods.act(review, act, body, as_=goods.agent).status == 403
    assert goods.api.get("/v1/admin/reviews?limit=1", as_=goods.agent).status == 200
    assert goods.staff(review)["status"] == "pending"
    assert goods.act("rvw_x", "publish").status == 404


def test_the_staff_lists_reviews_by_state(goods: Reviewed) -> None:
    review = goods.review()

    def listed(status: str) -> bool:
        rows = goods.api.listed(f"/v1/admin/reviews?status={status}", as_=goods.ops)
        return review in [each["id"] for each in rows]

    states = ("pending", "published", "hidden")
    assert [listed(each) for each in states] == [True, False, False]
    goods.act(review, "publish")
    assert [listed(each) for each in states] == [False, True, False]
    goods.hide(review)
    assert [listed(each) for each in states] == [False, False, True]


def test_acts_are_audited_without_words_of_the_review(goods: Reviewed) -> None:
    review = goods.review()
    for _ in range(2):
        goods.act(review, "publish")
        goods.act(review, "reply", {"text": "谢谢"})
    goods.hide(review)
    admin = token(ids.new_id("mbr"), "admin")
    found = goods.api.get(f"/v1/admin/audit?subject={review}", as_=admin).body["data"]
    assert [each["action"] for each in found] == ["review.hide", "review.reply", "review.publish"]
    hidden, _, published = found
    assert (hidden["before"], hidden["after"]) == ({"status": "published"}, {"status": "hidden"})
    assert (hidden["reason"], published["after"]) == ("广告", {"status": "published"})
    assert WORDS not in str(found)
