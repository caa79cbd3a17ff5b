"""Moderation of reviews by the staff: what waits, publish, hide, reply."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.texts import Reason, ReviewText
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions.reviews import act_on_review
from chalicelib.orders.queries import reviews as queries
from chalicelib.orders.routes import review_views as views
from chalicelib.orders.routes.review_views import ReviewStatus, StaffReviewView
from chalicelib.orders.rules.reviews import HIDE, PUBLISH, REPLY, Review, ReviewAct

moderation = Blueprint(__name__)

_act_route = partial(
    route,
    moderation,
    "POST",
    roles=[OPS, ADMIN],
    answer=StaffReviewView,
    key=False,
    may_raise=[NotAllowedInThisState],
)


class AllReviewsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """The reviews in a state: those that wait the oldest first, others the newest first."""

    status: ReviewStatus = "pending"


class HideIn(msgspec.Struct, forbid_unknown_fields=True):
    """The member reads the reason."""

    reason: Reason


class ReplyIn(msgspec.Struct, forbid_unknown_fields=True):
    """Everybody reads the reply. A later one replaces it."""

    text: ReviewText


@route(
    moderation, "GET", "/v1/admin/reviews",
    summary="Reviews of all products in a state",
    roles=[AGENT, OPS, ADMIN], query=AllReviewsQuery, answer=Page[StaffReviewView],
    example={"answer": {"data": [views.STAFF], "next_cursor": None}},
)  # fmt: skip
def list_reviews(call: Call) -> Reply:
    asked: AllReviewsQuery = call.query
    return Reply(queries.list_reviews(asked.status, asked).shown(partial(_view, call)))


@route(
    moderation, "GET", "/v1/admin/reviews/{id}",
    summary="A review in any state",
    roles=[AGENT, OPS, ADMIN], answer=StaffReviewView, example={"answer": views.STAFF},
)  # fmt: skip
def show_review(call: Call) -> Reply:
    return Reply(_view(call, queries.get_review(call.path["id"])))


@_act_route(
    "/v1/admin/reviews/{id}/publish",
    summary="Publish a review: it counts in the rating of its product",
    example={"answer": {**views.STAFF, "status": "published", "status_text": "已发布"}},
)
def publish_review(call: Call) -> Reply:
    return _act(call, PUBLISH, None, audit.act_of(call, "review.publish", call.path["id"]))


@_act_route(
    "/v1/admin/reviews/{id}/hide",
    summary="Hide a review from the public, and from the rating of its product",
    body=HideIn,
    example={
        "request": {"reason": "含有联系方式"},
        "answer": {
            **views.STAFF,
            "status": "hidden",
            "status_text": "未公开",
            "reason": "含有联系方式",
        },
    },
)
def hide_review(call: Call) -> Reply:
    reason = call.body.reason
    return _act(call, HIDE, reason, audit.act_of(call, "review.hide", call.path["id"], reason))


@_act_route(
    "/v1/admin/reviews/{id}/reply",
    summary="Reply to a published review in the name of the shop",
    roles=[AGENT, OPS, ADMIN],
    body=ReplyIn,
    example={
        "request": {"text": "谢谢您的喜欢！"},
        "answer": {
            **views.STAFF,
            "status": "published",
            "status_text": "已发布",
            "reply": views.SHOWN["reply"],
        },
    },
)
def reply_to_review(call: Call) -> Reply:
    audited = audit.act_of(call, "review.reply", call.path["id"])
    return _act(call, REPLY, call.body.text, audited)


def _act(call: Call, name: str, text: str | None, audited: audit.Act) -> Reply:
    act = ReviewAct(name, call.member_id, to_ms(call.now), call.content_digest)
    done = act_on_review(call.path["id"], act, text, audited)
    return answer_of(done, partial(_view, call))


def _view(call: Call, review: Review) -> Any:
    return views.staff_review(review, call.language)
