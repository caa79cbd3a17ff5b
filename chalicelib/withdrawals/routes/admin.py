"""Withdrawals for finance: review them, export bank files, record the bank's results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.texts import BankReferenceLine, Reason
from chalicelib.kernel.web.auth import ADMIN, FINANCE
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import AccountFrozen, SecondPersonRequired
from chalicelib.withdrawals.actions import bank_files as banking
from chalicelib.withdrawals.actions import withdrawals as deciding
from chalicelib.withdrawals.errors import NothingToExport, PayoutAccountChanged
from chalicelib.withdrawals.queries import withdrawals as queries
from chalicelib.withdrawals.routes import views
from chalicelib.withdrawals.routes.views import BankFileView, StaffWithdrawalView, Status
from chalicelib.withdrawals.rules.bank_files import bank_csv
from chalicelib.withdrawals.rules.withdrawals import Withdrawal

payouts_admin = Blueprint(__name__)

PAYERS = (FINANCE, ADMIN)


class WithdrawalsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Open withdrawals are listed oldest first, ended ones newest first."""

    status: Status = "requested"


class WithdrawalReasonIn(msgspec.Struct, forbid_unknown_fields=True):
    """The member reads the reason."""

    reason: Reason


class BankReferenceIn(msgspec.Struct, forbid_unknown_fields=True):
    """The bank's reference of the payment."""

    bank_reference: BankReferenceLine


class BankReturnIn(WithdrawalReasonIn, forbid_unknown_fields=True):
    """The bank's reference of the return; the member reads the reason."""

    bank_reference: BankReferenceLine


get = partial(route, payouts_admin, "GET", roles=PAYERS)
# An act of finance on a withdrawal.
act_route = partial(
    route,
    payouts_admin,
    "POST",
    roles=PAYERS,
    key=True,
    answer=StaffWithdrawalView,
    may_raise=[NotAllowedInThisState],
)


def _example(status: Status, **sent: str) -> dict[str, Any]:
    answer = {**views.STAFF_WITHDRAWAL_EXAMPLE, "status": status}
    return {"request": sent, "answer": answer} if sent else {"answer": answer}


@get(
    "/v1/admin/withdrawals",
    summary="Withdrawals of all members in a state",
    query=WithdrawalsQuery, answer=Page[StaffWithdrawalView],
    example={"answer": {"data": [views.STAFF_WITHDRAWAL_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_all_withdrawals(call: Call) -> Reply:
    asked: WithdrawalsQuery = call.query
    return Reply(queries.withdrawals_in(asked.status, asked, partial(_view, call)))


@get(
    "/v1/admin/withdrawals/{id}",
    summary="Any withdrawal",
    answer=StaffWithdrawalView, example={"answer": views.STAFF_WITHDRAWAL_EXAMPLE},
)  # fmt: skip
def show_any_withdrawal(call: Call) -> Reply:
    return Reply(_view(call, queries.get_withdrawal(call.path["id"])))


@act_route(
    "/v1/admin/withdrawals/{id}/approve",
    summary="Approve another person's withdrawal, to the payout account of its request",
    may_raise=[NotAllowedInThisState, SecondPersonRequired, PayoutAccountChanged, AccountFrozen],
    example=_example("approved"),
)  # fmt: skip
def approve_withdrawal(call: Call) -> Reply:
    return _do(call, deciding.approve_withdrawal, _act(call, "withdrawal.approve"))


@act_route(
    "/v1/admin/withdrawals/{id}/reject",
    summary="Reject a withdrawal that is not being paid yet",
    body=WithdrawalReasonIn, example=_example("rejected", reason="收款人与会员姓名不符"),
)  # fmt: skip
def reject_withdrawal(call: Call) -> Reply:
    reason = call.body.reason
    return _do(call, deciding.reject_withdrawal, reason, _act(call, "withdrawal.reject", reason))


@act_route(
    "/v1/admin/withdrawals/{id}/mark-paid",
    summary="Record that the bank has paid a withdrawal of a bank file",
    body=BankReferenceIn, example=_example("paid", bank_reference="BOC20261121000123"),
)  # fmt: skip
def mark_withdrawal_paid(call: Call) -> Reply:
    act = _act(call, "withdrawal.mark_paid")
    return _do(call, banking.mark_paid, call.body.bank_reference, act)


@act_route(
    "/v1/admin/withdrawals/{id}/mark-failed",
    summary="Record that the bank has not paid a withdrawal of a bank file",
    body=WithdrawalReasonIn, example=_example("failed", reason="收款账户已销户"),
)  # fmt: skip
def mark_withdrawal_failed(call: Call) -> Reply:
    reason = call.body.reason
    return _do(call, banking.mark_failed, reason, _act(call, "withdrawal.mark_failed", reason))


@act_route(
    "/v1/admin/withdrawals/{id}/mark-returned",
    summary="Record that a bank payment was returned",
    body=BankReturnIn,
    example=_example("failed", bank_reference="BOC20261124000077", reason="收款账户已销户"),
)  # fmt: skip
def mark_withdrawal_returned(call: Call) -> Reply:
    back: BankReturnIn = call.body
    act = _act(call, "withdrawal.mark_returned", back.reason)
    return _do(call, banking.mark_returned, back.bank_reference, back.reason, act)


def _act(call: Call, action: str, reason: str | None = None) -> Act:
    """An act on the member of the withdrawal in the path."""
    member_id = queries.get_withdrawal(call.path["id"]).member_id
    return audit.act_of(call, action, member_id, reason)


def _do(call: Call, action: Callable[..., tuple[Withdrawal, bool]], *given: Any) -> Reply:
    return answer_of(action(call.path["id"], *given, call.now), partial(_view, call))


def _view(call: Call, made: Withdrawal) -> StaffWithdrawalView:
    return views.staff_withdrawal_view(made, queries.destination_of(made), call.language)


@act_route(
    "/v1/admin/bank-files",
    summary="Export the approved withdrawals to bank accounts: 32 at most, each in one file only",
    answer=BankFileView, status=201, may_raise=[NothingToExport],
    example={"answer": views.BANK_FILE_EXAMPLE},
)  # fmt: skip
def make_bank_file(call: Call) -> Reply:
    file_id = call.derived_id("bnk")
    act = audit.act_of(call, "bank_file.make", file_id)
    made = banking.make_bank_file(file_id, call.content_digest, act, call.now)
    return answer_of(made, views.bank_file_view)


@get(
    "/v1/admin/bank-files",
    summary="Bank files, newest first",
    query=PageQuery, answer=Page[BankFileView],
    example={"answer": {"data": [views.BANK_FILE_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_bank_files(call: Call) -> Reply:
    return Reply(queries.bank_files(call.query, views.bank_file_view))


@get(
    "/v1/admin/bank-files/{id}",
    summary="A bank file as CSV, the same bytes each time; the audit records each reader",
    answer=str, produces="text/csv; charset=utf-8",
    example={"answer": views.BANK_CSV_EXAMPLE},
)  # fmt: skip
def download_bank_file(call: Call) -> Reply:
    found = queries.get_bank_file(call.path["id"])
    audit.record_read(call, "bank_file.read", found.id)
    named = queries.find_withdrawals(found.withdrawals)
    listed = (named[each] for each in found.withdrawals)
    text = bank_csv(views.bank_line(made, queries.destination_of(made)) for made in listed)
    name = f'attachment; filename="{found.id}.csv"'
    return Reply(text, headers={"Content-Disposition": name})
