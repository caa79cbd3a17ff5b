"""Reconciliation for finance: days, findings, explanations."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Literal

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.finance.actions import reconciled_cases
from chalicelib.finance.queries import reconciliations as queries
from chalicelib.finance.routes.reconciliation_views import (
    DAY_EXAMPLE,
    EXPLAINED_EXAMPLE,
    FINDING_EXAMPLE,
    FindingView,
    ReconciliationView,
    day_view,
    finding_view,
)
from chalicelib.finance.rules.reconciled_days import Case
from chalicelib.kernel.clock import program_day
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import (
    FieldError,
    Invalid,
    NotAllowedInThisState,
    Words,
)
from chalicelib.kernel.texts import Finding
from chalicelib.kernel.web.auth import ADMIN, FINANCE
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

reconciliations = Blueprint(__name__)

ACCOUNTANTS = (FINANCE, ADMIN)


class FindingsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Findings that wait for finance come oldest first, explained ones newest first."""

    status: Literal["waiting", "open", "explained"] = "open"


class ExplanationIn(msgspec.Struct, forbid_unknown_fields=True):
    """The explanation of a finding."""

    note: Finding


@route(
    reconciliations, "GET", "/v1/admin/reconciliations",
    summary="List reconciled days, newest first",
    roles=ACCOUNTANTS, query=PageQuery, answer=Page[ReconciliationView],
    example={"answer": {"data": [DAY_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_reconciliations(call: Call) -> Reply:
    return Reply(queries.days(call.query, day_view))


@route(
    reconciliations, "GET", "/v1/admin/reconciliations/{day}",
    summary="Get a reconciled day (yyyy-mm-dd): counts, control totals, balances",
    roles=ACCOUNTANTS, answer=ReconciliationView,
    example={"answer": DAY_EXAMPLE},
)  # fmt: skip
def show_reconciliation(call: Call) -> Reply:
    return Reply(day_view(queries.reconciled_day(_day(call.path["day"]))))


@route(
    reconciliations, "GET", "/v1/admin/reconciliation-findings",
    summary="List differences from the provider's books, with their age",
    roles=ACCOUNTANTS, query=FindingsQuery, answer=Page[FindingView],
    example={"answer": {"data": [FINDING_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_findings(call: Call) -> Reply:
    asked: FindingsQuery = call.query
    return Reply(queries.page_of_cases(asked.status, asked, partial(_view, call)))


@route(
    reconciliations, "POST", "/v1/admin/reconciliation-findings/{id}/explain",
    summary="Close a finding with an explanation",
    roles=ACCOUNTANTS, body=ExplanationIn, answer=FindingView, key=True,
    may_raise=[NotAllowedInThisState],
    example={"request": {"note": EXPLAINED_EXAMPLE["note"]}, "answer": EXPLAINED_EXAMPLE},
)  # fmt: skip
def explain_finding(call: Call) -> Reply:
    key, note = call.path["id"], call.body.note
    act = audit.act_of(call, "reconciliation.explain", key, note)
    return answer_of(reconciled_cases.explain(key, note, act), partial(_view, call))


def _view(call: Call, case: Case) -> FindingView:
    return finding_view(case, queries.note_of(case), program_day(call.now))


def _day(text: str) -> date:
    """Raises Invalid naming `day`."""
    words = Words("格式须为 yyyy-mm-dd", "reads yyyy-mm-dd")
    wrong = Invalid(FieldError("day", "not_a_day", words))
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise wrong from error
    if str(day) != text:
        raise wrong
    return day
