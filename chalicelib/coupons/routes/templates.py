"""Templates of coupons for ops: made, published and retired, each act audited."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.coupons.actions import templates as actions
from chalicelib.coupons.errors import CouponTotalTooLow
from chalicelib.coupons.queries import templates as queries
from chalicelib.coupons.routes.bodies import (
    CouponValidity,
    CouponWindow,
    TemplateChange,
    TemplateDraft,
    parts_of,
    validity_of,
    window_of,
)
from chalicelib.coupons.rules.counts import Counts
from chalicelib.coupons.rules.scopes import Scope
from chalicelib.coupons.rules.templates import (
    DRAFT,
    PUBLISHED,
    RETIRED,
    CouponText,
    CouponTitle,
    Template,
    TemplateStatus,
)
from chalicelib.coupons.rules.terms import CouponKind, Terms
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotAllowedInThisState, Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

template_routes = Blueprint(__name__)

READERS = (AGENT, OPS, ADMIN)
WRITERS = (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]


class TemplateView(msgspec.Struct):
    """A template as ops define it; `given` counts its coupons and those in codes, `left` is null
    without a total."""

    id: str
    version: int
    status: TemplateStatus
    kind: CouponKind
    title: CouponTitle
    text: CouponText
    amount: int
    percent: int
    cap_points: int | None
    cap_cash: int | None
    scope: Scope
    least_points: int
    least_cash: int
    with_campaigns: bool
    gift_sku: str | None
    gift_quantity: int
    valid: CouponValidity
    offered: CouponWindow
    total: int | None
    per_member: int | None
    price_points: int
    listed: bool
    transferable: bool
    usable_in_shops: bool
    back_on_return: bool
    given: int
    left: int | None
    created_at: str
    published_at: str | None


class TemplatesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Those in one state; the published ones if silent."""

    status: TemplateStatus = PUBLISHED


DRAFT_EXAMPLE: dict[str, Any] = {
    "kind": "amount_off", "title": {"zh-CN": "满 100 减 10", "en": "10 off 100"},
    "amount": 1000, "least_cash": 10000, "valid": {"days": 30}, "total": 5000, "per_member": 1,
    "price_points": 200, "transferable": True,
}  # fmt: skip
TEMPLATE_EXAMPLE: dict[str, Any] = {
    **DRAFT_EXAMPLE, "id": "ctp_5c3bqbzkmvnl2hwmbkqk5pnjhm", "version": 1, "status": "draft",
    "text": {"zh-CN": "", "en": ""}, "percent": 0, "cap_points": None, "cap_cash": None,
    "scope": {"all": True}, "least_points": 0, "with_campaigns": True, "gift_sku": None,
    "gift_quantity": 1, "valid": {"days": 30, "from": None, "until": None},
    "offered": {"from": None, "until": None}, "listed": True, "usable_in_shops": False,
    "back_on_return": False, "given": 0, "left": 5000, "created_at": "2026-11-21T08:00:00Z",
    "published_at": None,
}  # fmt: skip


def template_view(template: Template, counts: Counts | None = None) -> TemplateView:
    counts = counts or queries.counts(template)
    left = counts.left if template.published_at_ms else template.total
    terms = {name: getattr(template.terms, name) for name in Terms.__struct_fields__}
    return shaped(
        TemplateView,
        template,
        **terms,
        valid=validity_of(template),
        offered=window_of(template),
        listed=template.is_listed,
        given=counts.given,
        left=left,
    )


@route(
    template_routes, "GET", "/v1/admin/coupon-templates",
    summary="List the templates of coupons in a state, the newest first",
    roles=READERS, query=TemplatesQuery, answer=Page[TemplateView],
    example={"answer": {"data": [TEMPLATE_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_coupon_templates(call: Call) -> Reply:
    return Reply(queries.list_templates(call.query.status, call.query).shown(template_view))


@route(
    template_routes, "POST", "/v1/admin/coupon-templates",
    summary="Create a template of coupons, as a draft",
    roles=WRITERS, body=TemplateDraft, answer=TemplateView, status=201, key=True,
    example={"request": DRAFT_EXAMPLE, "answer": TEMPLATE_EXAMPLE},
)  # fmt: skip
def create_coupon_template(call: Call) -> Reply:
    template_id = call.derived_id("ctp")
    fields, terms = parts_of(call.body)
    draft = Template(
        id=template_id,
        version=1,
        status=DRAFT,
        terms=Terms(**terms),
        created_at_ms=to_ms(call.now),
        content=call.content_digest,
        **fields,
    )
    act = audit.act_of(call, "coupon_template.create", template_id)
    return answer_of(actions.create_template(draft, act), template_view)


@route(
    template_routes, "GET", "/v1/admin/coupon-templates/{id}",
    summary="Show a template of coupons, and how many are given and left",
    roles=READERS, answer=TemplateView, example={"answer": TEMPLATE_EXAMPLE},
)  # fmt: skip
def show_coupon_template(call: Call) -> Reply:
    return Reply(template_view(queries.get_template(call.path["id"])))


@route(
    template_routes, "PATCH", "/v1/admin/coupon-templates/{id}",
    summary="Change a template of coupons; coupons that members have stay as they are",
    roles=WRITERS, body=TemplateChange, answer=TemplateView, headers=IF_MATCH,
    may_raise=[Stale, CouponTotalTooLow],
    example={"request": {"total": 8000}, "answer": TEMPLATE_EXAMPLE},
)  # fmt: skip
def change_coupon_template(call: Call) -> Reply:
    template_id = call.path["id"]
    act = audit.act_of(call, "coupon_template.change", template_id)
    fields, terms = parts_of(call.body)
    made = actions.change_template(template_id, fields, terms, call.seen_version, act)
    return Reply(template_view(made))


_moves = partial(
    route,
    template_routes,
    "POST",
    roles=WRITERS,
    answer=TemplateView,
    headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
)


@_moves(
    "/v1/admin/coupon-templates/{id}/publish",
    summary="Publish a template: its coupons can be had from now on",
    example={"answer": {**TEMPLATE_EXAMPLE, "status": "published"}},
)
def publish_coupon_template(call: Call) -> Reply:
    return _moved(call, "publish", PUBLISHED)


@_moves(
    "/v1/admin/coupon-templates/{id}/retire",
    summary="Retire a template: it gives no more coupons, those of members stay",
    example={"answer": {**TEMPLATE_EXAMPLE, "status": "retired"}},
)
def retire_coupon_template(call: Call) -> Reply:
    return _moved(call, "retire", RETIRED)


def _moved(call: Call, name: str, status: TemplateStatus) -> Reply:
    template_id = call.path["id"]
    act = audit.act_of(call, f"coupon_template.{name}", template_id)
    now_ms = to_ms(call.now)
    moved = actions.move_template(template_id, status, call.seen_version, now_ms, act)
    return Reply(template_view(moved))
