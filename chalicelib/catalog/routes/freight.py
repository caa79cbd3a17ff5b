"""Freight templates for ops."""

from __future__ import annotations

from typing import Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.catalog.actions import freight
from chalicelib.catalog.queries import freight as queries
from chalicelib.catalog.routes.admin import IF_MATCH, READERS, WRITERS
from chalicelib.catalog.rules.freight import (
    ChargedBy,
    FreeFreight,
    FreightChange,
    FreightDraft,
    FreightRegion,
    FreightTemplate,
    PaidIn,
)
from chalicelib.catalog.rules.products import Localized
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

freight_admin = Blueprint(__name__)

DRAFT: dict[str, Any] = {
    "title": {"zh-CN": "普通快递", "en": "Standard parcel"},
    "charged_by": "weight",
    "paid_in": "cash",
    "regions": [
        {"provinces": ["上海市", "江苏省", "浙江省"], "first": 1000, "fee": 600,
         "step": 1000, "step_fee": 200},
        {"provinces": [], "first": 1000, "fee": 1200, "step": 500, "step_fee": 300},
    ],
    "free": {"points": 5000, "tiers": ["gold"]},
}  # fmt: skip
TEMPLATE: dict[str, Any] = {
    **DRAFT,
    "id": "frt_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "version": 1,
    "free": {"points": 5000, "cash": None, "tiers": ["gold"]},
}


class FreightTemplateView(msgspec.Struct):
    """A freight template. `weight` counts grams, `quantity` units, `worth` points that the goods
    cost; fees are points, or minor units of the program's currency."""

    id: str
    version: int
    title: Localized
    charged_by: ChargedBy
    paid_in: PaidIn
    regions: list[FreightRegion]
    free: FreeFreight


@route(
    freight_admin, "GET", "/v1/admin/freight-templates",
    summary="List the freight templates",
    roles=READERS, query=PageQuery, answer=Page[FreightTemplateView],
    example={"answer": {"data": [TEMPLATE], "next_cursor": None}},
)  # fmt: skip
def list_freight_templates(call: Call) -> Reply:
    return Reply(queries.list_templates(call.query).shown(_view))


@route(
    freight_admin, "POST", "/v1/admin/freight-templates",
    summary="Create a freight template: provinces without a region get no goods of it",
    roles=WRITERS, body=FreightDraft, answer=FreightTemplateView, status=201, key=True,
    example={"request": DRAFT, "answer": TEMPLATE},
)  # fmt: skip
def create_freight_template(call: Call) -> Reply:
    template_id = call.derived_id("frt")
    act = audit.act_of(call, "freight.create", template_id)
    made = freight.create_template(call.body, template_id, call.content_digest, act)
    return answer_of(made, _view)


@route(
    freight_admin, "GET", "/v1/admin/freight-templates/{id}",
    summary="Show a freight template",
    roles=READERS, answer=FreightTemplateView, example={"answer": TEMPLATE},
)  # fmt: skip
def show_freight_template(call: Call) -> Reply:
    return Reply(_view(queries.find_template_item(call.path["id"]).template))


@route(
    freight_admin, "PATCH", "/v1/admin/freight-templates/{id}",
    summary="Change any part of a freight template; new orders are charged by it at once",
    roles=WRITERS, body=FreightChange, answer=FreightTemplateView, headers=IF_MATCH,
    may_raise=[Stale],
    example={"request": {"free": {"points": 3000}},
             "answer": {**TEMPLATE, "version": 2,
                        "free": {"points": 3000, "cash": None, "tiers": []}}},
)  # fmt: skip
def change_freight_template(call: Call) -> Reply:
    template_id = call.path["id"]
    act = audit.act_of(call, "freight.change", template_id)
    return Reply(_view(freight.update_template(template_id, call.body, call.seen_version, act)))


def _view(template: FreightTemplate) -> FreightTemplateView:
    return shaped(FreightTemplateView, template)
