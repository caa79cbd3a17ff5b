"""A file of SKUs and their stock for the staff, a part for each call."""

from __future__ import annotations

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog.queries import skus
from chalicelib.catalog.routes.admin import READERS
from chalicelib.catalog.routes.skus import SkusQuery
from chalicelib.catalog.rules.offers import Offer
from chalicelib.kernel.config import config
from chalicelib.kernel.csv_cells import Row, csv_part
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import major
from chalicelib.kernel.web.http import NEXT_CURSOR, Reply, route
from chalicelib.kernel.web.requests import Call

exports = Blueprint(__name__)

COLUMNS = (
    Words("SKU", "sku"),
    Words("商品编号", "product_id"),
    Words("中文名称", "title_zh"),
    Words("英文名称", "title_en"),
    Words("规格", "specs"),
    Words("类型", "kind"),
    Words("状态", "status"),
    Words("积分", "points"),
    Words("现金", "cash"),
    Words("成本", "cost"),
    Words("币种", "currency"),
    Words("可售数量", "available"),
)
WORDS = {
    "physical": Words("实物", "physical"),
    "virtual": Words("虚拟", "virtual"),
    "service": Words("服务", "service"),
    "draft": Words("草稿", "draft"),
    "on_sale": Words("在售", "on_sale"),
    "off_sale": Words("已下架", "off_sale"),
}


class SkusExport(SkusQuery, forbid_unknown_fields=True, kw_only=True):
    """As in the list of SKUs."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 500


@route(
    exports, "GET", "/v1/admin/exports/skus",
    summary="A part of a CSV file of SKUs and their stock; the header names the next part",
    roles=READERS, query=SkusExport, answer=str, produces="text/csv; charset=utf-8",
    answer_headers=[NEXT_CURSOR], example={"answer": "sku,product_id,title_zh,available"},
)  # fmt: skip
def export_skus(call: Call) -> Reply:
    asked: SkusExport = call.query
    wanted = skus.SkusAsked(asked.left, asked.kind, asked.status)
    found = skus.list_skus(wanted, asked)
    columns = [each.in_language(call.language) for each in COLUMNS]
    rows = (_row(each, call.language) for each in found.data)
    text = csv_part(columns, rows, is_first=asked.cursor is None)
    return Reply(text, headers={NEXT_CURSOR: found.next_cursor} if found.next_cursor else {})


def _row(offer: Offer, language: str) -> Row:
    currency = config().currency
    return (
        offer.sku,
        offer.product_id,
        offer.title.zh,
        offer.title.en,
        " ".join(f"{name}:{value}" for name, value in offer.specs.items()),
        WORDS[offer.kind].in_language(language),
        WORDS[offer.status].in_language(language),
        offer.points,
        major(offer.cash, currency),
        "" if offer.cost is None else major(offer.cost, currency),
        currency,
        offer.available,
    )
