"""SKUs for ops: their stock, restocks and corrections, shards and marks."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.catalog.actions import settings, stock
from chalicelib.catalog.errors import OutOfStock, StockComesFromCodes
from chalicelib.catalog.queries import skus
from chalicelib.catalog.queries.offers import get_offer
from chalicelib.catalog.routes import examples
from chalicelib.catalog.routes.admin import IF_MATCH, READERS, WRITERS
from chalicelib.catalog.routes.stock_views import AdminSkuView, RestockView, admin_sku
from chalicelib.catalog.rules.products import Kind, Status
from chalicelib.catalog.rules.stock import Correction, Restock, SkuSettings
from chalicelib.catalog.tables.stock import RestockItem
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call

catalog_skus = Blueprint(__name__)


class SkusQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """`low` is ten units or fewer, `sold_out` none, `short` either. Pages before the last may hold
    fewer than `limit`, even none: a page ends where enough products were looked at."""

    left: skus.Left | None = None
    kind: Kind | None = None
    status: Status | None = None


@route(
    catalog_skus, "GET", "/v1/admin/skus",
    summary="SKUs with their stock, such as those that run short, or all that have codes",
    roles=READERS, query=SkusQuery, answer=Page[AdminSkuView],
    example={"answer": {"data": [examples.ADMIN_SKU], "next_cursor": None}},
)  # fmt: skip
def list_skus(call: Call) -> Reply:
    asked: SkusQuery = call.query
    wanted = skus.SkusAsked(asked.left, asked.kind, asked.status)
    return Reply(skus.list_skus(wanted, asked).shown(admin_sku))


@route(
    catalog_skus, "GET", "/v1/admin/skus/{sku}",
    summary="Show a SKU, its terms of sale and its stock",
    roles=READERS, answer=AdminSkuView,
    example={"answer": examples.ADMIN_SKU},
)  # fmt: skip
def show_sku(call: Call) -> Reply:
    return Reply(admin_sku(get_offer(call.path["sku"])))


@route(
    catalog_skus, "POST", "/v1/admin/skus/{sku}/restock",
    summary="Add units to a SKU, or take some away",
    roles=WRITERS, body=Restock, answer=RestockView, status=201, key=True,
    may_raise=[OutOfStock, StockComesFromCodes],
    example={"request": examples.RESTOCK_REQUEST, "answer": examples.RESTOCK},
)  # fmt: skip
def restock_sku(call: Call) -> Reply:
    sku, restock_id = call.path["sku"], call.derived_id("rst")
    record = _made(call, RestockItem.key(sku, restock_id), restock_id)
    act = audit.act_of(call, "stock.restock", sku, call.body.reason)
    return _moved(sku, *stock.restock(sku, call.body, record, act, call.now))


@route(
    catalog_skus, "POST", "/v1/admin/skus/{sku}/correct",
    summary="Correct the stock of a SKU by what a count found",
    roles=WRITERS, body=Correction, answer=RestockView, status=201, key=True,
    may_raise=[OutOfStock, StockComesFromCodes],
    example={"request": examples.CORRECTION_REQUEST, "answer": examples.CORRECTION},
)  # fmt: skip
def correct_sku(call: Call) -> Reply:
    sku, correction_id = call.path["sku"], call.derived_id("cor")
    record = _made(call, RestockItem.correction(sku, correction_id), correction_id)
    act = audit.act_of(call, "stock.correct", sku, call.body.reason)
    return _moved(sku, *stock.correct(sku, call.body, record, act, call.now))


@route(
    catalog_skus, "PATCH", "/v1/admin/skus/{sku}",
    summary="Change the shards and the marks of a SKU, while it sells",
    roles=WRITERS, body=SkuSettings, answer=AdminSkuView, headers=IF_MATCH,
    may_raise=[Stale],
    example={"request": examples.SKU_SETTINGS, "answer": examples.CHANGED_SKU},
)  # fmt: skip
def change_sku(call: Call) -> Reply:
    sku = call.path["sku"]
    act = audit.act_of(call, "sku.change", sku)
    return Reply(admin_sku(settings.change_settings(sku, call.body, call.seen_version, act)))


def _made(call: Call, record: RestockItem, record_id: str) -> RestockItem:
    record.id, record.made_by, record.made_of = record_id, call.member_id, call.content_digest
    return record


def _moved(sku: str, record: RestockItem, replayed: bool) -> Reply:
    available, at = get_offer(sku).available, rfc3339_ms(record.created_at)
    view = shaped(RestockView, record, sku=sku, available=available, created_at=at)
    return replayable(view, replayed=replayed)
