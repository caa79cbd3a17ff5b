"""Imports of the staff: parcels from a file, in a job, with a report of each line."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import JobStarted
from chalicelib.orders.actions.imports import start_import
from chalicelib.orders.queries import imports as queries
from chalicelib.orders.routes import import_views as views
from chalicelib.orders.routes.act_requests import REVIEWERS
from chalicelib.orders.routes.import_views import ImportLineView
from chalicelib.orders.rules.imports import ROWS_A_PART, SHIPMENTS, Import, read_rows

imports = Blueprint(__name__)


class ShipmentsIn(msgspec.Struct, forbid_unknown_fields=True):
    """A CSV file with the columns `order_id`, `carrier`, `tracking_number` and, for a part of an
    order, `lines` such as `CUP-RED:2;TEE-1`; others are left out of account, as are lines with an
    order alone. Up to 3,000 lines."""

    csv: Annotated[str, msgspec.Meta(min_length=1, max_length=900_000)]


class ImportLinesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """All lines, or those of one outcome."""

    outcome: Literal["done", "already_done", "refused"] | None = None


@route(
    imports, "POST", "/v1/admin/imports/shipments",
    summary="Record parcels from a CSV file in a job; a line that was done before stays as it is",
    roles=REVIEWERS, body=ShipmentsIn, answer=JobStarted, status=202, key=True,
    example={"request": {"csv": views.FILE_EXAMPLE},
             "answer": {"job_id": "job_5c3bqbzkmvnl2hwmbkqk5pnjhm"}},
)  # fmt: skip
def import_shipments(call: Call) -> Reply:
    rows = read_rows(call.body.csv)
    now_ms = to_ms(call.now)
    asked = Import(
        id=call.derived_id("job"),
        import_kind=SHIPMENTS,
        made_by=call.member_id,
        content=call.content_digest,
        created_at_ms=now_ms,
        moved_at_ms=now_ms,
        rows=len(rows),
        parts=-(-len(rows) // ROWS_A_PART),
    )
    act = audit.act_of(call, "shipments.import", asked.id)
    return answer_of(start_import(asked, rows, act), lambda made: JobStarted(made.id))


@route(
    imports, "GET", "/v1/admin/imports/{id}/lines",
    summary="What became of each line of an import, in the order of its file",
    roles=REVIEWERS, query=ImportLinesQuery, answer=Page[ImportLineView],
    example={"answer": {"data": [views.LINE_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_import_lines(call: Call) -> Reply:
    found = queries.import_lines(call.path["id"], call.query.outcome, call.query)
    return Reply(found.shown(lambda line: views.line_view(line, call.language)))
