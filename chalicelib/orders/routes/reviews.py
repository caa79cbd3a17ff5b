"""Reviews for members: write one for a line of an order, read those of a product."""

from __future__ import annotations

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel import ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Invalid, NotAllowedInThisState, NotFound, or_not_found
from chalicelib.kernel.texts import ReviewText, SkuCode
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import helpful
from chalicelib.orders.actions import reviews as actions
from chalicelib.orders.errors.reviews import AlreadyReviewed, LineRefunded, OwnReview
from chalicelib.orders.queries import reviews as queries
from chalicelib.orders.queries.reviews import Sort
from chalicelib.orders.routes import review_views as views
from chalicelib.orders.routes.act_requests import OwnPictures
from chalicelib.orders.routes.review_views import (
    HelpfulReview,
    HelpfulView,
    OwnReviewView,
    ReviewedLines,
    ReviewView,
)
from chalicelib.orders.rules.reviews import Review, Written

reviews = Blueprint(__name__)

Stars = Annotated[int, msgspec.Meta(ge=1, le=5)]
ProductId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class ReviewIn(msgspec.Struct, forbid_unknown_fields=True):
    """A review of a line: `rating` is 1 to 5 stars.

    `pictures` are paths of own uploads that were checked; each is given once.
    """

    sku: SkuCode
    rating: Stars
    text: ReviewText
    pictures: OwnPictures = []


class ReviewsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """`rating` leaves the reviews with so many stars."""

    rating: Stars | None = None
    sort: Sort = "newest"


class HelpfulQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """`product_id` is the product whose reviews are meant."""

    product_id: ProductId


@route(
    reviews, "POST", "/v1/orders/{id}/reviews",
    summary="Review a line of a completed order, once; the staff publishes it",
    roles=[MEMBER], body=ReviewIn, answer=OwnReviewView, status=201, key=True,
    may_raise=[Invalid, NotAllowedInThisState, AlreadyReviewed, LineRefunded],
    example={"request": views.REQUEST, "answer": views.OWN},
)  # fmt: skip
def write_review(call: Call) -> Reply:
    body: ReviewIn = call.body
    written = Written(
        order_id=call.path["id"],
        member_id=call.member_id,
        sku=body.sku,
        rating=body.rating,
        text=body.text,
        pictures=tuple(body.pictures),
        created_at_ms=to_ms(call.now),
        made_by=ids.digest(call.derived_id("rvw").encode()),
        content=call.content_digest,
    )
    review, replayed = actions.write_review(written)
    return replayable(views.own_review(review, call.language), replayed=replayed)


@route(
    reviews, "GET", "/v1/orders/{id}/reviews",
    summary="The lines of one of my orders with my reviews, and those that I can review",
    roles=[MEMBER], answer=ReviewedLines,
    example={"answer": {"data": [{
        "sku": "CUP-RED", "product_id": views.OWN["product_id"], "title": "保温杯",
        "reviewable": False, "review": views.OWN,
    }]}},
)  # fmt: skip
def list_order_reviews(call: Call) -> Reply:
    found = queries.lines_with_reviews(call.path["id"], call.member_id)
    return Reply(ReviewedLines([views.reviewed_line(each, call.language) for each in found]))


@route(
    reviews, "GET", "/v1/me/reviews",
    summary="My reviews with their state, newest first",
    roles=[MEMBER], query=PageQuery, answer=Page[OwnReviewView],
    example={"answer": {"data": [views.OWN], "next_cursor": None}},
)  # fmt: skip
def list_my_reviews(call: Call) -> Reply:
    found = queries.list_written(call.member_id, call.query)
    return Reply(found.shown(lambda each: views.own_review(each, call.language)))


@route(
    reviews, "GET", "/v1/products/{id}/reviews",
    summary="List the published reviews of a product",
    query=ReviewsQuery, answer=Page[ReviewView], may_raise=[NotFound],
    example={"answer": {"data": [views.SHOWN], "next_cursor": None}},
)  # fmt: skip
def list_product_reviews(call: Call) -> Reply:
    asked: ReviewsQuery = call.query
    found = queries.list_published(call.path["id"], asked.rating, asked.sort, asked)
    return Reply(found.shown(views.shown_review))


@route(
    reviews, "GET", "/v1/me/helpful-reviews",
    summary="Ids of the reviews of a product that helped me",
    roles=[MEMBER], query=HelpfulQuery, answer=Page[HelpfulReview],
    example={"answer": {"data": [{"id": views.SHOWN["id"]}], "next_cursor": None}},
)  # fmt: skip
def list_helpful_reviews(call: Call) -> Reply:
    asked: HelpfulQuery = call.query
    found = queries.helpful_to(call.member_id, asked.product_id, asked)
    return Reply(found.shown(HelpfulReview))


@route(
    reviews, "POST", "/v1/reviews/{id}/helpful",
    summary="Mark a review as helpful, once; repeating changes nothing",
    roles=[MEMBER], answer=HelpfulView, may_raise=[OwnReview],
    example={"answer": {"id": views.SHOWN["id"], "helpful": 13, "marked": True}},
)  # fmt: skip
def mark_helpful(call: Call) -> Reply:
    review, _ = helpful.mark_helpful(call.path["id"], call.member_id)
    return Reply(_marked(review, marked=True))


@route(
    reviews, "DELETE", "/v1/reviews/{id}/helpful",
    summary="Take my mark from a review; repeating changes nothing",
    roles=[MEMBER], answer=HelpfulView, may_raise=[OwnReview],
    example={"answer": {"id": views.SHOWN["id"], "helpful": 12, "marked": False}},
)  # fmt: skip
def unmark_helpful(call: Call) -> Reply:
    review, _ = helpful.unmark_helpful(call.path["id"], call.member_id)
    return Reply(_marked(review, marked=False))


def _marked(review: Review, *, marked: bool) -> HelpfulView:
    """The mark as it is now.

    Raises NotFound if the review was hidden meanwhile.
    """
    return HelpfulView(review.id, or_not_found(queries.marks_of(review)), marked)
