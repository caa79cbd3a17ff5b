"""How goods sell, for the staff: the slowest first, or the quickest."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog import Localized
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import PageQuery
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.queries.sales import SellersAsked, sellers
from chalicelib.orders.rules.sales import Seller

selling = Blueprint(__name__)


class SellersQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Products by the units sold in the last `days`; `suggested` shows those alone that are
    suggested for removal."""

    days: Annotated[Literal[7, 30, 90], msgspec.Meta(description="7, 30 or 90")] = 30
    sort: Literal["slowest", "quickest"] = "slowest"
    suggested: bool = False


class SellerView(msgspec.Struct):
    """How a product sold: `units` without those refunded, by the day of placing. Costs are minor
    units. `days_left` of stock at this pace is null if nothing was sold; `turnover` is the cost of
    what was sold in percent of the cost of what is left. `last_sold` is a day of the last 90.
    `suggested` for removal: on sale for 30 days, and stock for more than a year."""

    product_id: str
    title: Localized
    kind: str
    category: str
    status: str
    created_at: str
    stock: int
    stock_cost: int
    units: int
    cost: int
    last_sold: str | None
    days_left: int | None
    turnover: int | None
    suggested: bool


class SellersPage(msgspec.Struct):
    """A page of the last report; `made_at` is null before the first. Reports are made each day."""

    data: list[SellerView]
    next_cursor: str | None
    made_at: str | None


EXAMPLE: dict[str, Any] = {
    "product_id": "prd_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "title": {"zh-CN": "保温杯", "en": "Thermos cup"},
    "kind": "physical",
    "category": "home",
    "status": "on_sale",
    "created_at": "2026-09-01T08:00:00Z",
    "stock": 50,
    "stock_cost": 205000,
    "units": 2,
    "cost": 8200,
    "last_sold": "2026-11-20",
    "days_left": 750,
    "turnover": 4,
    "suggested": True,
}


@route(
    selling, "GET", "/v1/admin/reports/sellers",
    summary="Products by what was sold of them, their stock and what it cost, slowest first",
    roles=(OPS, FINANCE, ADMIN), query=SellersQuery, answer=SellersPage,
    example={"answer": {"data": [EXAMPLE], "next_cursor": None,
                        "made_at": "2026-11-30T20:00:00Z"}},
)  # fmt: skip
def list_sellers(call: Call) -> Reply:
    asked: SellersQuery = call.query
    wanted = SellersAsked(asked.days, asked.sort == "quickest", asked.suggested)
    found, made_at = sellers(wanted, asked)
    shown = [_view(each) for each in found.data]
    at = None if made_at is None else rfc3339_ms(made_at)
    return Reply(SellersPage(shown, found.next_cursor, at))


def _view(seller: Seller) -> SellerView:
    title = Localized(seller.title_zh, seller.title_en)
    return shaped(SellerView, seller, title=title, created_at=rfc3339_ms(seller.created_at_ms))
