"""The audit log for the staff."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from chalice.app import Blueprint

from chalicelib.audit import queries
from chalicelib.audit.routes.views import ACT_EXAMPLE, ActView, act_view
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import ID, kind
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

audit_log = Blueprint(__name__)

Subject = Annotated[str, kind(128, pasted, ID)]


class AuditQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """`subject` is the id of a member or of what else was acted on, `actor` the member id of one of
    the staff: one of the two at most; without them, all acts. `day` is a day of the program."""

    subject: Subject | None = None
    actor: Subject | None = None
    day: date | None = None


@route(
    audit_log, "GET", "/v1/admin/audit",
    summary="What the staff did: all, to one subject, by one person, on one day, newest first",
    roles=[OPS, FINANCE, ADMIN], query=AuditQuery, answer=Page[ActView],
    example={"answer": {"data": [ACT_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_acts(call: Call) -> Reply:
    asked: AuditQuery = call.query
    if asked.subject is not None and asked.actor is not None:
        words = Words("不能与 subject 同时使用", "does not go with subject")
        raise Invalid(FieldError("actor", "one_filter_only", words))
    day = _day(asked)
    if asked.subject is not None:
        return Reply(queries.acts_on(asked.subject, asked, act_view, day))
    if asked.actor is not None:
        return Reply(queries.acts_by(asked.actor, asked, act_view, day))
    if day is not None:
        return Reply(queries.acts_of(day, asked, act_view))
    return Reply(queries.all_acts(asked, call.now, act_view))


def _day(asked: AuditQuery) -> date | None:
    """The day asked for.

    Raises Invalid for a day that no clock of ours shows: its ends would be in no year.
    """
    if asked.day is not None and not date(2000, 1, 1) <= asked.day <= date(9998, 12, 31):
        raise Invalid(FieldError("day", "out_of_range", Words("日期超出范围", "is out of range")))
    return asked.day
