"""Brands: the public list, and the acts of ops."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.catalog.actions import brands as actions
from chalicelib.catalog.errors import BrandExists
from chalicelib.catalog.queries import brands as queries
from chalicelib.catalog.routes import brand_views as views
from chalicelib.catalog.routes import examples
from chalicelib.catalog.routes.admin import IF_MATCH, READERS, WRITERS
from chalicelib.catalog.routes.brand_views import AdminBrandView, BrandView
from chalicelib.catalog.rules.brands import BrandChange, BrandDraft
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Stale
from chalicelib.kernel.web.http import FIVE_MINUTES, Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

brands = Blueprint(__name__)


@route(
    brands, "GET", "/v1/brands",
    summary="List the brands, lowest position first",
    query=PageQuery, answer=Page[BrandView],
    example={"answer": examples.BRANDS},
)  # fmt: skip
def list_brands(call: Call) -> Reply:
    found = queries.list_brands(call.query)
    shown = found.shown(lambda each: views.brand_view(each, call.language))
    return Reply(shown, headers={**FIVE_MINUTES, "Vary": "Accept-Language"})


@route(
    brands, "POST", "/v1/admin/brands",
    summary="Create a brand",
    roles=WRITERS, body=BrandDraft, answer=AdminBrandView, status=201, key=True,
    may_raise=[BrandExists],
    example={"request": examples.BRAND_DRAFT, "answer": examples.ADMIN_BRAND},
)  # fmt: skip
def create_brand(call: Call) -> Reply:
    act = audit.act_of(call, "brand.create", call.body.id)
    made = actions.create_brand(call.body, call.derived_id("brd"), call.content_digest, act)
    return answer_of(made, views.admin_brand)


@route(
    brands, "GET", "/v1/admin/brands",
    summary="List the brands with their versions",
    roles=READERS, query=PageQuery, answer=Page[AdminBrandView],
    example={"answer": examples.ADMIN_BRANDS},
)  # fmt: skip
def list_admin_brands(call: Call) -> Reply:
    return Reply(queries.list_brands(call.query).shown(views.admin_brand))


@route(
    brands, "PATCH", "/v1/admin/brands/{id}",
    summary="Change a brand",
    roles=WRITERS, body=BrandChange, answer=AdminBrandView, headers=IF_MATCH,
    may_raise=[Stale],
    example={"request": examples.BRAND_CHANGE, "answer": examples.ADMIN_BRAND},
)  # fmt: skip
def change_brand(call: Call) -> Reply:
    act = audit.act_of(call, "brand.change", call.path["id"])
    brand = actions.update_brand(call.path["id"], call.body, call.seen_version, act)
    return Reply(views.admin_brand(brand))


@route(
    brands, "DELETE", "/v1/admin/brands/{id}",
    summary="Delete a brand; goods that name it stay as they are",
    roles=WRITERS, status=204, headers=IF_MATCH,
    may_raise=[Stale], example={},
)  # fmt: skip
def delete_brand(call: Call) -> Reply:
    act = audit.act_of(call, "brand.delete", call.path["id"])
    actions.delete_brand(call.path["id"], call.seen_version, act)
    return Reply()
