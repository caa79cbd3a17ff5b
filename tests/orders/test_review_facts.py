"""The relay tells a member of a review that is published, and of a reply, once each."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.kernel.store.streams import Change
from chalicelib.notify.rules import news_of, notice
from chalicelib.orders.events import facts_of
from chalicelib.orders.rules.reviews import HIDE, PUBLISH, REPLY, Review, ReviewAct, acted_on
from chalicelib.orders.tables.reviews import ReviewedItem, ReviewItem, WrittenItem
from tests.orders.rules.making import made_review as review

pytestmark = pytest.mark.pure


def told(before: Review | None, after: Review) -> list[Any]:
    images = [each and ReviewItem.of(each).to_dynamodb_dict() for each in (before, after)]
    return [each for each in facts_of(Change("1", *images)) if each.type != "earning.review_shown"]


def acted(before: Review, name: str, text: str | None = None) -> Review:
    return acted_on(before, ReviewAct(name, "mbr_ops", 2_000), text)


def test_a_published_review_is_a_fact_without_its_words() -> None:
    written = replace(review(), text="秘密")
    assert told(None, written) == []
    (fact,) = told(written, acted(written, PUBLISH))
    assert (fact.id, fact.type) == ("review.published:rvw_1", "review.published")
    assert (fact.data.member_id, fact.data.rating) == ("mbr_1", 5)
    assert "秘密" not in str(fact)


def test_a_review_that_is_shown_is_told_to_earning_each_time() -> None:
    published = acted(review(), PUBLISH)
    again = acted(acted(published, HIDE, "广告"), PUBLISH)
    for before, after in ((review(), published), (replace(again, status="hidden"), again)):
        images = [ReviewItem.of(each).to_dynamodb_dict() for each in (before, after)]
        shown = [
            each for each in facts_of(Change("1", *images)) if each.type == "earning.review_shown"
        ]
        assert [(each.data.member_id, each.data.review_id) for each in shown] == [
            ("mbr_1", "rvw_1")
        ]


def test_a_reply_is_a_fact_and_its_correction_is_none() -> None:
    published = acted(review(), PUBLISH)
    replied = acted(published, REPLY, "谢谢")
    (fact,) = told(published, replied)
    assert (fact.id, fact.occurred_at) == ("review.replied:rvw_1", "1970-01-01T00:00:02Z")
    assert told(replied, acted(replied, REPLY, "更正")) == []


def test_hiding_is_no_fact_and_publishing_again_is_the_same_one() -> None:
    published = acted(review(), PUBLISH)
    hidden = acted(published, HIDE, "广告")
    assert told(published, hidden) == []
    (again,) = told(hidden, acted(hidden, PUBLISH))
    assert again.id == "review.published:rvw_1"


def test_rows_of_lists_are_no_facts() -> None:
    rows = [*ReviewedItem.rows_of(review()), WrittenItem.of(review())]
    for row in rows:
        assert facts_of(Change("1", None, row.to_dynamodb_dict())) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [(PUBLISH, "您对「保温杯」的评价已发布"), (REPLY, "商家回复了您对「保温杯」的评价")],
)
def test_the_member_reads_the_news(name: str, words: str) -> None:
    before = review() if name == PUBLISH else acted(review(), PUBLISH)
    (fact,) = told(before, acted(before, name, "谢谢"))
    news = news_of(fact.data)
    assert news is not None
    assert words in notice(news, "zh-CN").body
    assert "Cup" in notice(news, "en").body
    assert notice(news, "en").sms is None
