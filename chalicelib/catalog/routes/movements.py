"""Movements of stock and crossed marks for the staff."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog.queries import movements
from chalicelib.catalog.queries.movements import MovementsAsked, Told
from chalicelib.catalog.routes import examples
from chalicelib.catalog.routes.admin import READERS
from chalicelib.catalog.routes.stock_views import AdminSkuView, admin_sku
from chalicelib.catalog.rules.movements import Alert, Level
from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.stock import StockAct
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.csv_cells import Row, csv_part
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.web.http import NEXT_CURSOR, Reply, route
from chalicelib.kernel.web.requests import Call

moves = Blueprint(__name__)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class MovementsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True, rename={"first": "from"}):
    """`from` inclusive and `to` exclusive, in whole seconds. With `why`, a page before the last may
    hold fewer than `limit`, even none."""

    why: StockAct | None = None
    first: Moment | None = None
    to: Moment | None = None


class MovementsExport(MovementsQuery, forbid_unknown_fields=True, kw_only=True):
    """As in the list of movements."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 500


class MovementView(msgspec.Struct):
    """A change of the units in one shard of a SKU, with the units of that shard before and after.

    `why` is `sale` with its order as `reference`, `restock`, `correction` or `codes` with who moved
    them and the reason, `spread` between shards. `by` is null where no one of the staff did it.
    """

    at: str
    why: StockAct
    reference: str | None
    by: str | None
    reason: str | None
    shard: int
    before: int
    after: int
    change: int


class StockAlertView(msgspec.Struct):
    """A SKU at or below its low mark, or above its high one, since `at`: `available` were its units
    then, and `sku.stock` are those of now.
    """

    level: Level
    mark: int
    available: int
    at: str
    sku: AdminSkuView


_SALE: dict[str, Any] = {
    "at": "2026-11-21T08:00:00Z",
    "why": "sale",
    "reference": "ord_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "by": None,
    "reason": None,
    "shard": 0,
    "before": 50,
    "after": 48,
    "change": -2,
}
_ALERT: dict[str, Any] = {
    "level": "low",
    "mark": 20,
    "available": 20,
    "at": "2026-11-21T08:00:00Z",
    "sku": examples.ADMIN_SKU,
}
COLUMNS = (
    Words("时间", "at"),
    Words("SKU", "sku"),
    Words("原因", "why"),
    Words("单据", "reference"),
    Words("操作人", "by"),
    Words("说明", "reason"),
    Words("分片", "shard"),
    Words("变动前", "before"),
    Words("变动", "change"),
    Words("变动后", "after"),
)
WHY: dict[StockAct, Words] = {
    "created": Words("新建", "created"),
    "restock": Words("入库", "restock"),
    "correction": Words("盘点更正", "correction"),
    "codes": Words("导入卡券码", "codes"),
    "repair": Words("修复", "repair"),
    "spread": Words("分片间调配", "spread"),
    "unknown": Words("未知", "unknown"),
    "sale": Words("兑换", "sale"),
    "sale_again": Words("重新兑换", "sale_again"),
    "cancelled": Words("订单取消", "cancelled"),
    "rejected": Words("审核未通过", "rejected"),
    "refund": Words("退款", "refund"),
    "returned": Words("退货入库", "returned"),
    "exchange": Words("换货发出", "exchange"),
    "lost_dispute": Words("争议退回", "lost_dispute"),
    "lottery": Words("抽奖预留", "lottery"),
    "lottery_over": Words("抽奖结束退回", "lottery_over"),
}


@route(
    moves, "GET", "/v1/admin/skus/{sku}/movements",
    summary="Movements of a SKU's stock, the latest first: why, by whom, before and after",
    roles=READERS, query=MovementsQuery, answer=Page[MovementView],
    example={"answer": {"data": [_SALE], "next_cursor": None}},
)  # fmt: skip
def list_movements(call: Call) -> Reply:
    """A movement is listed within seconds of its change."""
    return Reply(_asked(call).shown(_view))


@route(
    moves, "GET", "/v1/admin/skus/{sku}/movements.csv",
    summary="A part of a CSV file of a SKU's movements; the header names the next part",
    roles=READERS, query=MovementsExport, answer=str, produces="text/csv; charset=utf-8",
    answer_headers=[NEXT_CURSOR], example={"answer": "at,sku,why,reference,before,after"},
)  # fmt: skip
def export_movements(call: Call) -> Reply:
    found, sku = _asked(call), call.path["sku"]
    columns = [each.in_language(call.language) for each in COLUMNS]
    rows = (_row(sku, _view(each), call.language) for each in found.data)
    text = csv_part(columns, rows, is_first=call.query.cursor is None)
    return Reply(text, headers={NEXT_CURSOR: found.next_cursor} if found.next_cursor else {})


@route(
    moves, "GET", "/v1/admin/stock-alerts",
    summary="SKUs whose stock crossed their low or high mark and has not come back",
    roles=READERS, query=PageQuery, answer=Page[StockAlertView],
    example={"answer": {"data": [_ALERT], "next_cursor": None}},
)  # fmt: skip
def list_stock_alerts(call: Call) -> Reply:
    """Of goods on sale; of a virtual SKU the units are its free codes."""
    return Reply(movements.list_alerts(call.query).shown(_alert_view))


def _asked(call: Call) -> Page[Told]:
    """Raises Invalid, NotFound, InvalidCursor."""
    asked: MovementsQuery = call.query
    first, to = _seconds(asked.first), _seconds(asked.to)
    if first is not None and to is not None and to < first:
        words = Words("不得早于开始时间", "is before the beginning")
        raise Invalid(FieldError("to", "invalid_span", words))
    wanted = MovementsAsked(asked.why, first, to)
    return movements.list_movements(call.path["sku"], wanted, asked)


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at) // 1000


def _view(told: Told) -> MovementView:
    movement, maker = told
    return MovementView(
        at=rfc3339_ms(movement.at_s * 1000),
        why=movement.because.act,
        reference=movement.because.reference or None,
        by=maker.by if maker else None,
        reason=maker.reason if maker else None,
        shard=movement.shard,
        before=movement.before,
        after=movement.after,
        change=movement.change,
    )


def _row(sku: str, view: MovementView, language: str) -> Row:
    return (
        view.at,
        sku,
        WHY[view.why].in_language(language),
        view.reference or "",
        view.by or "",
        view.reason or "",
        view.shard,
        view.before,
        view.change,
        view.after,
    )


def _alert_view(told: tuple[Alert, Offer]) -> StockAlertView:
    alert, offer = told
    at = rfc3339_ms(alert.at_ms)
    return StockAlertView(alert.level, alert.mark, alert.available, at, admin_sku(offer))
