"""What campaigns brought, for the staff: sums by day, as a table and as a file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
from chalice.app import Blueprint

from chalicelib.campaigns.queries import campaigns
from chalicelib.campaigns.queries import results as queries
from chalicelib.campaigns.rules.results import Sums, Uplift, total, uplift_of
from chalicelib.kernel.clock import program_day
from chalicelib.kernel.config import config
from chalicelib.kernel.csv_cells import csv_text
from chalicelib.kernel.errors import FieldError, Invalid, NotFound, Words
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, AGENT, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

campaign_results = Blueprint(__name__)
READERS = (AGENT, OPS, FINANCE, ADMIN)
MOST_DAYS, USUAL_DAYS = 366, 30


class ResultsQuery(msgspec.Struct, forbid_unknown_fields=True, rename={"first": "from"}):
    """Days of the program, both included; the last thirty if silent."""

    first: date | None = None
    to: date | None = None


class ResultDay(msgspec.Struct):
    """The orders of a day that had the campaign, as they are now, net of refunds.

    `takers` are members who had it for the first time. `points` and `cash` were paid,
    `points_saved` and `cash_saved` taken off, `points_back` given after the order; `cost` is that
    of the goods.
    """

    day: str
    orders: int
    takers: int
    points: int
    cash: int
    points_saved: int
    cash_saved: int
    points_back: int
    cost: int
    treated_orders: int
    treated_cash: int
    held_orders: int
    held_cash: int


class CampaignResults(msgspec.Struct):
    """The sums of a campaign over its days. Money is minor units of `currency`.

    `cost_per_order` is what the campaign took off in cash by order, rounded down; `uplift` is null
    without a hold-out.
    """

    days: list[ResultDay]
    total: ResultDay
    currency: str
    cost_per_order: int | None
    uplift: Uplift | None


_SUMS: dict[str, int] = {
    "orders": 12, "takers": 11, "points": 8_400, "cash": 35_640, "points_saved": 960,
    "cash_saved": 2_400, "points_back": 0, "cost": 49_200, "treated_orders": 40,
    "treated_cash": 92_000, "held_orders": 8, "held_cash": 15_000,
}  # fmt: skip
EXAMPLE: dict[str, Any] = {
    "days": [{"day": "2026-12-01", **_SUMS}],
    "total": {"day": "", **_SUMS},
    "currency": "CNY",
    "cost_per_order": 200,
    "uplift": {"holdout_percent": 20, "orders_percent": 25, "cash_percent": 53},
}
COLUMNS = (
    Words("日期", "Day"),
    Words("订单", "Orders"),
    Words("参与会员", "Takers"),
    Words("实付积分", "Points paid"),
    Words("实付现金（分）", "Cash paid (minor units)"),
    Words("优惠积分", "Points saved"),
    Words("优惠现金（分）", "Cash saved (minor units)"),
    Words("返还积分", "Points back"),
    Words("商品成本（分）", "Cost of goods (minor units)"),
    Words("活动组订单", "Orders of the treated"),
    Words("活动组现金（分）", "Cash of the treated (minor units)"),
    Words("对照组订单", "Orders of the held out"),
    Words("对照组现金（分）", "Cash of the held out (minor units)"),
)


@route(
    campaign_results, "GET", "/v1/admin/campaigns/{id}/results",
    summary="What a campaign brought, by day",
    roles=READERS, query=ResultsQuery, answer=CampaignResults, may_raise=[NotFound, Invalid],
    example={"answer": EXAMPLE},
)  # fmt: skip
def show_campaign_results(call: Call) -> Reply:
    record = campaigns.find_campaign_item(call.path["id"]).record
    found = _asked(call)
    sums = total(found.values())
    return Reply(
        CampaignResults(
            days=[_day(day, found[day]) for day in sorted(found)],
            total=_day("", sums),
            currency=config().currency,
            cost_per_order=sums.cash_saved // sums.orders if sums.orders else None,
            uplift=uplift_of(sums, record.terms.holdout_percent),
        )
    )


@route(
    campaign_results, "GET", "/v1/admin/campaigns/{id}/results.csv",
    summary="What a campaign brought, by day, as a CSV file",
    roles=READERS, query=ResultsQuery, answer=str, produces="text/csv; charset=utf-8",
    may_raise=[NotFound, Invalid],
    example={"answer": "Day,Orders\n2026-12-01,12\n"},
)  # fmt: skip
def export_campaign_results(call: Call) -> Reply:
    campaign_id = campaigns.find_campaign_item(call.path["id"]).record.id
    found = _asked(call)
    columns = [each.in_language(call.language) for each in COLUMNS]
    rows = ([day, *msgspec.structs.astuple(found[day])] for day in sorted(found))
    name = f'attachment; filename="{campaign_id}.csv"'
    return Reply(csv_text(columns, rows), headers={"Content-Disposition": name})


def _asked(call: Call) -> dict[str, Sums]:
    """Raises Invalid."""
    asked: ResultsQuery = call.query
    last = asked.to or program_day(call.now)
    # No day is before the first one of the calendar.
    first = asked.first or date.fromordinal(max(1, last.toordinal() - USUAL_DAYS + 1))
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        words = Words(
            f"最多 {MOST_DAYS} 天，且不早于开始日期", "is before from, or too far from it"
        )
        raise Invalid(FieldError("to", "out_of_range", words))
    return queries.results_of(call.path["id"], first, last)


def _day(day: str, sums: Sums) -> ResultDay:
    return shaped(ResultDay, sums, day=day)
