"""The ladder for everybody, and the member's own standing."""

from __future__ import annotations

from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.tiers import queries
from chalicelib.tiers.routes import views
from chalicelib.tiers.routes.blueprint import tiers
from chalicelib.tiers.routes.views import StandingView, TiersView


@route(
    tiers, "GET", "/v1/tiers",
    summary="The ladder of tiers: how each is reached, and what it gives",
    answer=TiersView,
    example={"answer": {"data": [
        {"key": "gold", "title": "金卡会员", "reached_by": "近 12 个月消费满 ¥5,000.00",
         "thresholds": {"spend": 500000}, "benefits": views.BENEFITS_EXAMPLE,
         "benefits_in_words": ["购物积分 1.5 倍", "免运费"]},
    ], "version": 1}},
)  # fmt: skip
def list_tiers(call: Call) -> Reply:
    return Reply(views.tiers_view(queries.ladder(), call.language))


@route(
    tiers, "GET", "/v1/me/tier",
    summary="My tier, until when, and how far it is to the next",
    roles=[MEMBER], answer=StandingView, example={"answer": views.STANDING_EXAMPLE},
)  # fmt: skip
def show_my_tier(call: Call) -> Reply:
    standing = queries.find_standing(call.member_id)
    return Reply(views.standing_view(standing, queries.moment(call.now)))
