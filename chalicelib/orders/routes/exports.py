"""Files of orders for the staff, a part for each call."""

from __future__ import annotations

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel.clock import from_ms, rfc3339
from chalicelib.kernel.csv_cells import csv_part
from chalicelib.kernel.web.http import NEXT_CURSOR, Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.queries import details
from chalicelib.orders.queries.exporting import export_orders
from chalicelib.orders.queries.lists import ListAsked
from chalicelib.orders.routes.act_requests import REVIEWERS
from chalicelib.orders.routes.export_views import columns, rows_of
from chalicelib.orders.routes.lists import ListQuery, list_asked

exports = Blueprint(__name__)


class OrdersExport(ListQuery, forbid_unknown_fields=True, kw_only=True):
    """As in the list of orders; without `status` and `list`, orders in every state."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 200


@route(
    exports, "GET", "/v1/admin/exports/orders",
    summary="A part of a CSV file of orders with their addresses; the header names the next part",
    roles=REVIEWERS, query=OrdersExport, answer=str, produces="text/csv; charset=utf-8",
    answer_headers=[NEXT_CURSOR], example={"answer": ",".join(columns("en"))},
)  # fmt: skip
def export_any_orders(call: Call) -> Reply:
    """Put the parts together as they are: the first alone has the names of the columns."""
    asked: OrdersExport = call.query
    wanted, of_all = list_asked(asked), asked.status is None and asked.list is None
    if asked.cursor is None:
        audit.record_read(call, "orders.export", "orders", _shown(wanted, of_all=of_all))
    found = export_orders(wanted, asked, of_all=of_all)
    seen = details.all_staff_details(found.data)
    rows = (row for each in seen for row in rows_of(each, call.language))
    text = csv_part(columns(call.language), rows, is_first=asked.cursor is None)
    return Reply(text, headers={NEXT_CURSOR: found.next_cursor} if found.next_cursor else {})


def _shown(asked: ListAsked, *, of_all: bool) -> audit.Facts:
    """Which orders a file has."""
    times = {"from": asked.first_ms, "to": asked.until_ms}
    given = {name: rfc3339(from_ms(ms)) for name, ms in times.items() if ms is not None}
    return {"list": "all" if of_all else asked.name, **given}
