"""Withdrawals for finance: review them, export bank files, record the bank's results."""

from __future__ import annotations

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import InvalidCursor, NotAllowedInThisState, NotFound
from chalicelib.kernel.texts import BankReferenceLine, Reason
from chalicelib.kernel.web.auth import ADMIN, FINANCE
from chalicelib.kernel.web.http import Reply, replayable, route
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


@route(
    payouts_admin, "GET", "/v1/admin/withdrawals",
    summary="Withdrawals of all members in a state",
    roles=PAYERS, query=WithdrawalsQuery, answer=Page[StaffWithdrawalView],
    may_raise=[InvalidCursor],
    example={"answer": {"data": [views.STAFF_WITHDRAWAL_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_all_withdrawals(call: Call) -> Reply:
    asked: WithdrawalsQuery = call.query
    found = queries.withdrawals_in(asked.status, asked, lambda made: _view(call, made))
    return Reply(found)


@route(
    payouts_admin, "GET", "/v1/admin/withdrawals/{id}",
    summary="Any withdrawal",
    roles=PAYERS, answer=StaffWithdrawalView, example={"answer": views.STAFF_WITHDRAWAL_EXAMPLE},
)  # fmt: skip
def show_any_withdrawal(call: Call) -> Reply:
    found = queries.get_withdrawal(call.path["id"])
    return Reply(_view(call, found))


@route(
    payouts_admin, "POST", "/v1/admin/withdrawals/{id}/approve",
    summary="Approve another person's withdrawal, to the payout account of its request",
    roles=PAYERS, key=True, answer=StaffWithdrawalView,
    may_raise=[NotAllowedInThisState, SecondPersonRequired, PayoutAccountChanged, AccountFrozen],
    example={"answer": {**views.STAFF_WITHDRAWAL_EXAMPLE, "status": "approved"}},
)  # fmt: skip
def approve_withdrawal(call: Call) -> Reply:
    act = audit.act_of(call, "withdrawal.approve", call.path["id"])
    return _answer(call, deciding.approve_withdrawal(call.path["id"], act, call.now))


@route(
    payouts_admin, "POST", "/v1/admin/withdrawals/{id}/reject",
    summary="Reject a withdrawal that is not being paid yet",
    roles=PAYERS, key=True, body=WithdrawalReasonIn, answer=StaffWithdrawalView,
    may_raise=[NotAllowedInThisState],
    example={"request": {"reason": "收款人与会员姓名不符"},
             "answer": {**views.STAFF_WITHDRAWAL_EXAMPLE, "status": "rejected"}},
)  # fmt: skip
def reject_withdrawal(call: Call) -> Reply:
    reason: str = call.body.reason
    act = audit.act_of(call, "withdrawal.reject", call.path["id"], reason)
    return _answer(call, deciding.reject_withdrawal(call.path["id"], reason, act, call.now))


@route(
    payouts_admin, "POST", "/v1/admin/withdrawals/{id}/mark-paid",
    summary="Record that the bank has paid a withdrawal of a bank file",
    roles=PAYERS, key=True, body=BankReferenceIn, answer=StaffWithdrawalView,
    may_raise=[NotAllowedInThisState],
    example={"request": {"bank_reference": "BOC20261121000123"},
             "answer": {**views.STAFF_WITHDRAWAL_EXAMPLE, "status": "paid"}},
)  # fmt: skip
def mark_withdrawal_paid(call: Call) -> Reply:
    act = audit.act_of(call, "withdrawal.mark_paid", call.path["id"])
    reference: str = call.body.bank_reference
    return _answer(call, banking.mark_paid(call.path["id"], reference, act, call.now))


@route(
    payouts_admin, "POST", "/v1/admin/withdrawals/{id}/mark-failed",
    summary="Record that the bank has not paid a withdrawal of a bank file",
    roles=PAYERS, key=True, body=WithdrawalReasonIn, answer=StaffWithdrawalView,
    may_raise=[NotAllowedInThisState],
    example={"request": {"reason": "收款账户已销户"},
             "answer": {**views.STAFF_WITHDRAWAL_EXAMPLE, "status": "failed"}},
)  # fmt: skip
def mark_withdrawal_failed(call: Call) -> Reply:
    reason: str = call.body.reason
    act = audit.act_of(call, "withdrawal.mark_failed", call.path["id"], reason)
    return _answer(call, banking.mark_failed(call.path["id"], reason, act, call.now))


@route(
    payouts_admin, "POST", "/v1/admin/withdrawals/{id}/mark-returned",
    summary="Record that a bank payment was returned",
    roles=PAYERS, key=True, body=BankReturnIn, answer=StaffWithdrawalView,
    may_raise=[NotAllowedInThisState],
    example={"request": {"bank_reference": "BOC20261124000077", "reason": "收款账户已销户"},
             "answer": {**views.STAFF_WITHDRAWAL_EXAMPLE, "status": "failed"}},
)  # fmt: skip
def mark_withdrawal_returned(call: Call) -> Reply:
    body: BankReturnIn = call.body
    act = audit.act_of(call, "withdrawal.mark_returned", call.path["id"], body.reason)
    back = body.bank_reference, body.reason
    return _answer(call, banking.mark_returned(call.path["id"], *back, act, call.now))


def _answer(call: Call, done: tuple[Withdrawal, bool]) -> Reply:
    made, replayed = done
    return replayable(_view(call, made), status=200, replayed=replayed)


def _view(call: Call, made: Withdrawal) -> StaffWithdrawalView:
    return views.staff_withdrawal_view(made, queries.destination_of(made), call.language)


@route(
    payouts_admin, "POST", "/v1/admin/bank-files",
    summary="Export the approved withdrawals to bank accounts: 32 at most, each in one file only",
    roles=PAYERS, key=True, answer=BankFileView, status=201, may_raise=[NothingToExport],
    example={"answer": views.BANK_FILE_EXAMPLE},
)  # fmt: skip
def make_bank_file(call: Call) -> Reply:
    file_id = call.derived_id("bnk")
    act = audit.act_of(call, "bank_file.make", file_id)
    made, replayed = banking.make_bank_file(file_id, call.content_digest, act, call.now)
    return replayable(views.bank_file_view(made), status=201, replayed=replayed)


@route(
    payouts_admin, "GET", "/v1/admin/bank-files",
    summary="Bank files, newest first",
    roles=PAYERS, query=PageQuery, answer=Page[BankFileView], may_raise=[InvalidCursor],
    example={"answer": {"data": [views.BANK_FILE_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_bank_files(call: Call) -> Reply:
    return Reply(queries.bank_files(call.query, views.bank_file_view))


@route(
    payouts_admin, "GET", "/v1/admin/bank-files/{id}",
    summary="A bank file as CSV, the same bytes each time; the audit records each reader",
    roles=PAYERS, answer=str, produces="text/csv; charset=utf-8",
    example={"answer": views.BANK_CSV_EXAMPLE},
)  # fmt: skip
def download_bank_file(call: Call) -> Reply:
    found = queries.find_bank_file(call.path["id"])
    if found is None:
        raise NotFound()
    audit.record_read(call, "bank_file.read", found.id)
    named = queries.find_withdrawals(found.withdrawals)
    listed = (named[each] for each in found.withdrawals)
    text = bank_csv(views.bank_line(made, queries.destination_of(made)) for made in listed)
    name = f'attachment; filename="{found.id}.csv"'
    return Reply(text, headers={"Content-Disposition": name})
