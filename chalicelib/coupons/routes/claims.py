"""Coupons of members: those to be had, and their own."""

from __future__ import annotations

from typing import Literal

from chalice.app import Blueprint

from chalicelib.coupons.actions import claims as actions
from chalicelib.coupons.actions import codes
from chalicelib.coupons.errors import (
    CouponCodeNotFound,
    CouponCodeUsed,
    CouponLimitReached,
    CouponNotFound,
    CouponNotOffered,
    CouponsGone,
    TooManyWrongCouponCodes,
)
from chalicelib.coupons.queries import coupons as queries
from chalicelib.coupons.queries import templates
from chalicelib.coupons.routes.views import (
    COUPON_EXAMPLE,
    OFFERED_EXAMPLE,
    CouponView,
    OfferedCoupon,
    coupon_view,
    offered_view,
)
from chalicelib.coupons.rules.coupons import Coupon
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import Page, PageQuery, part
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import AccountFrozen, InsufficientPoints, UnderReview

claim_routes = Blueprint(__name__)


class MyCouponsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """All coupons, or those in a state now."""

    status: Literal["available", "reserved", "used", "expired"] | None = None


def view_of(coupon: Coupon, call: Call) -> CouponView:
    template = templates.version_of(coupon.template_id, coupon.template_version)
    return coupon_view(coupon, template, call.language, to_ms(call.now))


@route(
    claim_routes, "GET", "/v1/coupons",
    summary="Coupons to be had now, free or for points, the newest first",
    roles=[MEMBER], query=PageQuery, answer=Page[OfferedCoupon],
    example={"answer": {"data": [OFFERED_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_coupons(call: Call) -> Reply:
    offered = templates.offered(to_ms(call.now))
    found = part("coupons", call.query, offered, lambda each: (-each.created_at_ms, each.id))
    had = queries.had_by(call.member_id) if found.data else {}
    return Reply(
        found.shown(
            lambda each: offered_view(
                each,
                had.get(each.id, 0),
                is_gone=templates.is_gone(each),
                language=call.language,
            )
        )
    )


@route(
    claim_routes, "POST", "/v1/coupons/{template_id}/claims",
    summary="Get a coupon, free or for its price in points",
    roles=[MEMBER], consent=True, key=True, answer=CouponView, status=201,
    may_raise=[CouponNotOffered, CouponsGone, CouponLimitReached, InsufficientPoints,
               AccountFrozen, UnderReview],
    example={"answer": COUPON_EXAMPLE},
)  # fmt: skip
def claim_coupon(call: Call) -> Reply:
    coupon_id, template_id = call.derived_id("cpn"), call.path["template_id"]
    content = call.content_digest
    claimed = actions.claim(coupon_id, template_id, call.member_id, content, call.now)
    return answer_of(claimed, lambda coupon: view_of(coupon, call))


@route(
    claim_routes, "GET", "/v1/me/coupons",
    summary="My coupons, the newest first",
    roles=[MEMBER], query=MyCouponsQuery, answer=Page[CouponView],
    example={"answer": {"data": [COUPON_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_my_coupons(call: Call) -> Reply:
    asked: MyCouponsQuery = call.query
    found = queries.coupons_of(call.member_id, asked.status, asked, call.now)
    return Reply(found.shown(lambda coupon: view_of(coupon, call)))


@route(
    claim_routes, "GET", "/v1/me/coupons/{id}",
    summary="One of my coupons",
    roles=[MEMBER], answer=CouponView, may_raise=[CouponNotFound],
    example={"answer": COUPON_EXAMPLE},
)  # fmt: skip
def show_my_coupon(call: Call) -> Reply:
    return Reply(view_of(queries.get_coupon(call.member_id, call.path["id"]), call))


@route(
    claim_routes, "POST", "/v1/coupons/codes/{code}/claims",
    summary="Get the coupon of a code, which nobody else has then",
    roles=[MEMBER], consent=True, key=True, answer=CouponView, status=201,
    may_raise=[CouponCodeNotFound, CouponCodeUsed, TooManyWrongCouponCodes, CouponNotOffered,
               CouponLimitReached],
    example={"answer": COUPON_EXAMPLE},
)  # fmt: skip
def redeem_coupon_code(call: Call) -> Reply:
    coupon_id, code = call.derived_id("cpn"), call.path["code"]
    redeemed = codes.redeem(code, coupon_id, call.member_id, call.content_digest, call.now)
    return answer_of(redeemed, lambda coupon: view_of(coupon, call))
