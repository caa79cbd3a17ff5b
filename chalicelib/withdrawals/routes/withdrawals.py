"""A member's payout account and withdrawals."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel import cursors
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, NotFound, Words, or_not_found
from chalicelib.kernel.money import MAX_MINOR_UNITS, Currency
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import AccountNumber, BankLine, ProviderAccountId
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import AccountFrozen, InsufficientPoints, UnderReview
from chalicelib.withdrawals.actions.payout_accounts import remove_payout_account, set_payout_account
from chalicelib.withdrawals.actions.withdrawals import request_withdrawal
from chalicelib.withdrawals.errors import (
    PayoutAccountRequired,
    WithdrawalBelowMinimum,
    WithdrawalLimitReached,
)
from chalicelib.withdrawals.queries import payout_accounts, withdrawals
from chalicelib.withdrawals.routes import views
from chalicelib.withdrawals.routes.views import PayoutAccountView, WithdrawalView
from chalicelib.withdrawals.rules.payout_accounts import (
    BankAccount,
    PayoutAccount,
    ProviderAccount,
    StoredPayoutAccount,
)
from chalicelib.withdrawals.rules.withdrawals import Withdrawal

member_withdrawals = Blueprint(__name__)

Cents = Annotated[int, msgspec.Meta(ge=1, le=MAX_MINOR_UNITS)]


class BankAccountIn(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", tag="bank"):
    """A bank account; spaces and hyphens in its number are removed."""

    holder: BankLine
    bank: BankLine
    account_number: AccountNumber


class ProviderAccountIn(
    msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", tag="provider"
):
    """An account at the payment provider."""

    account: ProviderAccountId


class SumIn(msgspec.Struct, forbid_unknown_fields=True):
    """An amount in minor units of the program's currency."""

    amount: Cents
    currency: Currency


class WithdrawalIn(msgspec.Struct, forbid_unknown_fields=True):
    """The amount in minor units of the program's currency, alone or with the currency's name."""

    amount: Cents | SumIn


@route(
    member_withdrawals, "GET", "/v1/me/payout-account",
    summary="My payout account, masked",
    roles=[MEMBER], answer=PayoutAccountView, may_raise=[NotFound],
    example={"answer": views.PAYOUT_ACCOUNT_EXAMPLE},
)  # fmt: skip
def show_payout_account(call: Call) -> Reply:
    return Reply(_view_of(call, payout_accounts.find_payout_account(call.member_id)))


@route(
    member_withdrawals, "GET", "/v1/me/payout-accounts",
    summary="My payout accounts, masked: one, or none yet",
    roles=[MEMBER], query=PageQuery, answer=Page[PayoutAccountView],
    example={"answer": {"data": [views.PAYOUT_ACCOUNT_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_payout_accounts(call: Call) -> Reply:
    # No page follows the first, so no cursor is good.
    cursors.decode(f"payout-accounts:{call.member_id}", call.query.cursor)
    stored = payout_accounts.find_payout_account(call.member_id)
    return Reply(Page([_view_of(call, stored)] if stored.sealed else [], None))


@route(
    member_withdrawals, "PUT", "/v1/me/payout-account",
    summary="Set my payout account; withdrawals not approved yet will not be paid elsewhere",
    roles=[MEMBER], by_token=True, body=BankAccountIn | ProviderAccountIn, answer=PayoutAccountView,
    example={
        "request": {"kind": "bank", "holder": "李雷", "bank": "中国银行上海分行",
                    "account_number": "6217 0000 1234 5671 233"},
        "answer": views.PAYOUT_ACCOUNT_EXAMPLE,
    },
)  # fmt: skip
def put_payout_account(call: Call) -> Reply:
    body: BankAccountIn | ProviderAccountIn = call.body
    asked: PayoutAccount = (
        ProviderAccount(body.account)
        if isinstance(body, ProviderAccountIn)
        else shaped(BankAccount, body)
    )
    return Reply(_view_of(call, set_payout_account(call.member_id, asked, call.now)))


def _view_of(call: Call, stored: StoredPayoutAccount) -> PayoutAccountView:
    """Raises NotFound if the member has none."""
    account = payout_accounts.opened(or_not_found(stored.sealed), call.member_id)
    return views.payout_account_view(account, stored)


@route(
    member_withdrawals, "DELETE", "/v1/me/payout-account",
    summary="Remove my payout account", roles=[MEMBER], status=204, may_raise=[NotFound],
    example={},
)  # fmt: skip
def delete_payout_account(call: Call) -> Reply:
    remove_payout_account(call.member_id, call.now)
    return Reply()


@route(
    member_withdrawals, "POST", "/v1/me/withdrawals",
    summary="Request a withdrawal of rebate cash: held at once, paid after a review",
    roles=[MEMBER], consent=True, key=True, body=WithdrawalIn, answer=WithdrawalView, status=201,
    may_raise=[PayoutAccountRequired, WithdrawalBelowMinimum, WithdrawalLimitReached,
               InsufficientPoints, AccountFrozen, UnderReview],
    example={"request": {"amount": {"amount": 12000, "currency": "CNY"}},
             "answer": views.WITHDRAWAL_EXAMPLE},
)  # fmt: skip
def ask_withdrawal(call: Call) -> Reply:
    amount, made = _amount(call.body), (call.derived_id("wdr"), call.content_digest)
    asked = request_withdrawal(call.member_id, *made, amount, call.now)
    return answer_of(asked, partial(_view, call))


def _amount(asked: WithdrawalIn) -> int:
    """The requested amount in minor units.

    Raises Invalid naming the currency.
    """
    if isinstance(asked.amount, int):
        return asked.amount
    if asked.amount.currency != config().currency:
        words = Words(f"须为 {config().currency}", f"must be {config().currency}")
        raise Invalid(FieldError("amount.currency", "wrong_currency", words))
    return asked.amount.amount


@route(
    member_withdrawals, "GET", "/v1/me/withdrawals",
    summary="My withdrawals, newest first",
    roles=[MEMBER], query=PageQuery, answer=Page[WithdrawalView],
    example={"answer": {"data": [views.WITHDRAWAL_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_withdrawals(call: Call) -> Reply:
    return Reply(withdrawals.withdrawals_of(call.member_id, call.query, partial(_view, call)))


@route(
    member_withdrawals, "GET", "/v1/me/withdrawals/{id}",
    summary="One of my withdrawals",
    roles=[MEMBER], answer=WithdrawalView, example={"answer": views.WITHDRAWAL_EXAMPLE},
)  # fmt: skip
def show_withdrawal(call: Call) -> Reply:
    return Reply(_view(call, withdrawals.get_withdrawal(call.path["id"], call.member_id)))


def _view(call: Call, made: Withdrawal) -> WithdrawalView:
    return views.withdrawal_view(made, withdrawals.destination_of(made), call.language)
