"""Settlements and trial balances for finance: list, download, rebuild."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.finance.actions import publishing, rebuilds
from chalicelib.finance.errors import DayNotOver, DayNotSettled
from chalicelib.finance.queries import settlements, trial_balances
from chalicelib.finance.routes.settlement_views import (
    LINE_EXAMPLE,
    SETTLEMENT_EXAMPLE,
    TRIAL_BALANCE_EXAMPLE,
    SettlementLine,
    SettlementView,
    TrialBalanceView,
    settlement_line,
    settlement_view,
    trial_balance_view,
)
from chalicelib.finance.rules.rebuilds import Rebuild
from chalicelib.kernel.clock import machine_now, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.money import Currency
from chalicelib.kernel.web.auth import ADMIN, FINANCE
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import JobStarted

settling = Blueprint(__name__)

ACCOUNTANTS = (FINANCE, ADMIN)


class SettlementsQuery(
    PageQuery, forbid_unknown_fields=True, kw_only=True, rename={"first": "from"}
):
    """Days of the program, both included; all days by default."""

    first: date = settlements.FIRST_DAY
    to: date | None = None


class TrialBalanceQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The currency; the program's own by default."""

    currency: Currency | None = None


@route(
    settling, "GET", "/v1/admin/settlements",
    summary="List settled days, newest first",
    roles=ACCOUNTANTS, query=SettlementsQuery, answer=Page[SettlementLine],
    example={"answer": {"data": [LINE_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_settlements(call: Call) -> Reply:
    asked: SettlementsQuery = call.query
    last = asked.to or date.max
    if last < asked.first:
        words = Words("不得早于开始日期", "is before the first day")
        raise Invalid(FieldError("to", "invalid_span", words))
    return Reply(settlements.listed(asked.first, last, asked, settlement_line))


@route(
    settling, "GET", "/v1/admin/settlements/{id}",
    summary="Get a settled day such as 2026-11-21-CNY: figures, and links to files",
    roles=ACCOUNTANTS, answer=SettlementView, may_raise=[DayNotOver, DayNotSettled],
    example={"answer": SETTLEMENT_EXAMPLE},
)  # fmt: skip
def show_settlement(call: Call) -> Reply:
    found = settlements.get_settlement(call.path["id"], call.now)
    until = machine_now() + timedelta(seconds=publishing.LINK_S)
    return Reply(settlement_view(found, publishing.link, until))


@route(
    settling, "POST", "/v1/admin/settlements/{id}/rebuild",
    summary="Rebuild a settled day's files in a job, and compare them byte for byte",
    roles=ACCOUNTANTS, answer=JobStarted, status=202, key=True,
    may_raise=[DayNotOver, DayNotSettled],
    example={"answer": {"job_id": "job_5c3bqbzkmvnl2hwmbkqk5pnjhm"}},
)  # fmt: skip
def rebuild_settlement(call: Call) -> Reply:
    found = settlements.get_settlement(call.path["id"], call.now)
    manifest = found.manifest
    asked = Rebuild(
        id=call.derived_id("job"),
        day=manifest.day,
        currency=manifest.currency,
        asked_at_ms=to_ms(call.now),
        of=manifest.movements,
    )
    act = audit.act_of(call, "settlement.rebuild", call.path["id"])
    started = rebuilds.start_rebuild(asked, act)
    return answer_of(started, lambda made: JobStarted(made.id))


@route(
    settling, "GET", "/v1/admin/trial-balances/{month}",
    summary="Get a month's trial balance (yyyy-mm); the present month is partial",
    roles=ACCOUNTANTS, query=TrialBalanceQuery, answer=TrialBalanceView,
    may_raise=[DayNotOver], example={"answer": TRIAL_BALANCE_EXAMPLE},
)  # fmt: skip
def show_trial_balance(call: Call) -> Reply:
    currency = call.query.currency or config().currency
    balance, manifest = trial_balances.find_trial_balance(call.path["month"], currency)
    link = publishing.link(manifest, publishing.CLEARING)
    return Reply(trial_balance_view(balance, link))
