"""Reviews as the public, their authors and the staff see them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chalicelib.catalog import thumbnail_of
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.shapes import shaped
from chalicelib.orders.rules.reviews import WORDS, Review, ReviewedLine, ShownReview

ReviewStatus = Literal["pending", "published", "hidden"]


class ReplyView(msgspec.Struct):
    """The words of the shop under a review."""

    text: str
    at: str


class ReviewView(msgspec.Struct):
    """A published review. `author` is the masked nickname of the member, null without one.

    `helpful` counts the members that it helped. `thumbnails` are its pictures, small.
    """

    id: str
    sku: str
    rating: int
    text: str
    pictures: list[str]
    thumbnails: list[str]
    author: str | None
    helpful: int
    reply: ReplyView | None
    created_at: str


class OwnReviewView(msgspec.Struct):
    """A review of one's own, in any state. `reason` says why it is hidden."""

    id: str
    order_id: str
    product_id: str
    sku: str
    title: str
    rating: int
    text: str
    pictures: list[str]
    thumbnails: list[str]
    status: ReviewStatus
    status_text: str
    reason: str | None
    reply: ReplyView | None
    created_at: str


class StaffReviewView(OwnReviewView, kw_only=True):
    """A review with its member; `author` is the name that the public reads."""

    member_id: str
    author: str | None
    version: int


class ReviewedLineView(msgspec.Struct):
    """A line of an order with its review; `reviewable`: it has none yet and can be given one."""

    sku: str
    product_id: str
    title: str
    reviewable: bool
    review: OwnReviewView | None


class ReviewedLines(msgspec.Struct):
    data: list[ReviewedLineView]


class HelpfulReview(msgspec.Struct):
    """A review that helped the member."""

    id: str


class HelpfulView(msgspec.Struct):
    """How many members a review helped, and whether it helped this one."""

    id: str
    helpful: int
    marked: bool


def shown_review(shown: ShownReview) -> ReviewView:
    review = shown.review
    return shaped(
        ReviewView,
        review,
        pictures=list(review.pictures),
        thumbnails=[thumbnail_of(each) for each in review.pictures],
        helpful=shown.helpful,
        reply=_reply(review),
    )


def own_review(review: Review, language: str) -> OwnReviewView:
    return shaped(
        OwnReviewView,
        review,
        title=review.title.in_language(language),
        pictures=list(review.pictures),
        thumbnails=[thumbnail_of(each) for each in review.pictures],
        status_text=WORDS[review.status].in_language(language),
        reply=_reply(review),
    )


def staff_review(review: Review, language: str) -> StaffReviewView:
    own = own_review(review, language)
    return StaffReviewView(
        **msgspec.structs.asdict(own),
        member_id=review.member_id,
        author=review.author,
        version=review.version,
    )


def reviewed_line(seen: ReviewedLine, language: str) -> ReviewedLineView:
    review = seen.review and own_review(seen.review, language)
    title = seen.line.title.in_language(language)
    return shaped(ReviewedLineView, seen.line, title=title, reviewable=seen.is_open, review=review)


def _reply(review: Review) -> ReplyView | None:
    reply = review.reply
    return ReplyView(reply.text, rfc3339_ms(reply.at_ms)) if reply else None


_AT = "2026-11-28T08:00:00Z"
_REPLY = {"text": "谢谢您的喜欢！", "at": "2026-11-29T02:00:00Z"}
REQUEST: dict[str, Any] = {"sku": "CUP-RED", "rating": 5, "text": "保温效果很好 👍"}
SHOWN: dict[str, Any] = {
    "id": "rvw_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    **REQUEST,
    "pictures": [],
    "thumbnails": [],
    "author": "小**满",
    "helpful": 12,
    "reply": _REPLY,
    "created_at": _AT,
}
OWN: dict[str, Any] = {
    "id": SHOWN["id"],
    "order_id": "ord_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "product_id": "prd_qk2nq5bzkmvnl2hwmbkqk5pnjh",
    **REQUEST,
    "title": "保温杯",
    "pictures": [],
    "thumbnails": [],
    "status": "pending",
    "status_text": "审核中",
    "reason": None,
    "reply": None,
    "created_at": _AT,
}
STAFF: dict[str, Any] = {
    **OWN,
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "author": "小**满",
    "version": 1,
}
