"""The program's liability for finance: as JSON, CSV and a chart."""

from __future__ import annotations

from datetime import date

import msgspec
from chalice.app import Blueprint

from chalicelib.finance.errors import DayNotOver, DayNotSettled
from chalicelib.finance.queries.liability import get_liability
from chalicelib.finance.routes import liability_views as views
from chalicelib.finance.routes.liability_views import LIABILITY_EXAMPLE, LiabilityView
from chalicelib.finance.rules.liability_chart import svg
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.web.auth import ADMIN, FINANCE
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import Unit

liability = Blueprint(__name__)

ACCOUNTANTS = (FINANCE, ADMIN)
REFUSALS = (DayNotOver, DayNotSettled, NotFound)


class LiabilityQuery(msgspec.Struct, forbid_unknown_fields=True):
    """A settled day; the last one by default."""

    day: date | None = None
    unit: Unit = "points"


class DayQuery(msgspec.Struct, forbid_unknown_fields=True):
    """A settled day; the last one by default."""

    day: date | None = None


@route(
    liability, "GET", "/v1/admin/liability",
    summary="Get the liability: all members' points by month of lapse, and their cost",
    roles=ACCOUNTANTS, query=LiabilityQuery, answer=LiabilityView, may_raise=REFUSALS,
    example={"answer": LIABILITY_EXAMPLE},
)  # fmt: skip
def show_liability(call: Call) -> Reply:
    found = get_liability(call.query.day, call.now)
    return Reply(views.liability_view(found[call.query.unit]))


@route(
    liability, "GET", "/v1/admin/liability.csv",
    summary="Download the liability in all units as CSV",
    roles=ACCOUNTANTS, query=DayQuery, answer=str, produces="text/csv; charset=utf-8",
    may_raise=REFUSALS, example={"answer": ",".join(views.CSV_COLUMNS)},
)  # fmt: skip
def download_liability(call: Call) -> Reply:
    found = get_liability(call.query.day, call.now)
    day = next(iter(found.values())).day
    named = {"Content-Disposition": f'attachment; filename="jifen-{day}-liability.csv"'}
    return Reply(views.liability_csv(list(found.values())), headers=named)


@route(
    liability, "GET", "/v1/admin/liability.svg",
    summary="Draw the liability as a chart",
    roles=ACCOUNTANTS, query=LiabilityQuery, answer=str, produces="image/svg+xml",
    may_raise=REFUSALS, example={"answer": "<svg/>"},
)  # fmt: skip
def draw_liability(call: Call) -> Reply:
    found = get_liability(call.query.day, call.now)
    return Reply(svg(found[call.query.unit]))
