"""The audit log for the staff."""

from __future__ import annotations

from typing import Annotated

from chalice.app import Blueprint

from chalicelib.audit import queries
from chalicelib.audit.routes.views import ACT_EXAMPLE, ActView, act_view
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import ID, kind
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

audit_log = Blueprint(__name__)

Subject = Annotated[str, kind(128, pasted, ID)]


class AuditQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """`subject` is the id of a member or of what else was acted on; without it, all acts."""

    subject: Subject | None = None


@route(
    audit_log, "GET", "/v1/admin/audit",
    summary="What the staff did, to one subject or at all, newest first",
    roles=[OPS, FINANCE, ADMIN], query=AuditQuery, answer=Page[ActView],
    example={"answer": {"data": [ACT_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_acts(call: Call) -> Reply:
    asked: AuditQuery = call.query
    if asked.subject is not None:
        return Reply(queries.acts_on(asked.subject, asked, act_view))
    return Reply(queries.all_acts(asked, call.now, act_view))
