"""Refunds of cash for finance, and cash that carriers remit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.money import MAX_MINOR_UNITS, Money
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import BankReference, Reason
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.payments.actions.carriers import remit_cash
from chalicelib.payments.actions.failed_refunds import refund_by_hand, retry_refund, waive_refund
from chalicelib.payments.errors import NotAtProvider, NotCollected, PaymentExhausted
from chalicelib.payments.queries.payments import ListedState, listed_refunds
from chalicelib.payments.routes.views import CASH_REFUND_EXAMPLE, CashRefundView, cash_refund_view
from chalicelib.payments.rules.refunds import CashRefund

refunds = Blueprint(__name__)

READERS, PAYERS = (OPS, FINANCE, ADMIN), (FINANCE, ADMIN)


class RefundsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """`failed`: somebody has to act; `open`: on its way; `ended`. All of them by default."""

    state: ListedState | None = None


class ByHandIn(msgspec.Struct, forbid_unknown_fields=True):
    """The bank's reference of the transfer, and its amount (minor units). Without `amount` it is
    the whole refund; else it is what is left of the payment.
    """

    bank_reference: BankReference
    amount: Annotated[int, msgspec.Meta(ge=1, le=MAX_MINOR_UNITS)] | None = None


class WaivedIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why it is not owed: the lost dispute, or the refund at the provider that it doubles."""

    reason: Reason


class RemittanceIn(msgspec.Struct, forbid_unknown_fields=True):
    """The orders whose cash a carrier has paid to our bank, under the bank's reference."""

    orders: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=64)]],
        msgspec.Meta(min_length=1, max_length=40),
    ]
    bank_reference: BankReference


class RemittanceView(msgspec.Struct):
    """The total of a remittance."""

    amount: Money
    orders: list[str]
    bank_reference: str


@route(
    refunds, "GET", "/v1/admin/refunds",
    summary="Refunds of cash: failed first, then open, then ended",
    roles=READERS, query=RefundsQuery, answer=Page[CashRefundView],
    example={"answer": {"data": [CASH_REFUND_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_refunds(call: Call) -> Reply:
    asked: RefundsQuery = call.query
    return Reply(listed_refunds(asked.state, asked, cash_refund_view))


# An act of finance on a refund.
act_route = partial(
    route,
    refunds,
    "POST",
    roles=PAYERS,
    answer=CashRefundView,
    key=True,
    may_raise=[NotAllowedInThisState],
)


@act_route(
    "/v1/admin/orders/{id}/refunds/{refund_id}/retry",
    summary="Send a failed refund again as a new refund of what is left of the payment",
    status=201, may_raise=[NotAllowedInThisState, PaymentExhausted, NotAtProvider],
    example={"answer": {**CASH_REFUND_EXAMPLE, "status": "due", "failure": None}},
)  # fmt: skip
def retry_failed_refund(call: Call) -> Reply:
    act = audit.act_of(call, "refund.retry", call.path["id"])
    return _do(call, retry_refund, call.derived_id("rfd"), act)


@act_route(
    "/v1/admin/orders/{id}/refunds/{refund_id}/paid-by-hand",
    summary="Record that finance has paid a failed refund from our bank",
    body=ByHandIn, may_raise=[NotAllowedInThisState, PaymentExhausted, NotAtProvider],
    example={"request": {"bank_reference": "ICBC-20261121-0042"},
             "answer": {**CASH_REFUND_EXAMPLE, "status": "by_hand", "failure": None}},
)  # fmt: skip
def record_refund_by_hand(call: Call) -> Reply:
    body: ByHandIn = call.body
    act = audit.act_of(call, "refund.by_hand", call.path["id"], body.bank_reference)
    return _do(call, refund_by_hand, body.bank_reference, body.amount, act)


@act_route(
    "/v1/admin/orders/{id}/refunds/{refund_id}/waive",
    summary="Close a failed refund: the payer has the money otherwise",
    body=WaivedIn,
    example={"request": {"reason": "拒付已由发卡行退回"},
             "answer": {**CASH_REFUND_EXAMPLE, "status": "closed", "failure": "waived"}},
)  # fmt: skip
def waive_failed_refund(call: Call) -> Reply:
    act = audit.act_of(call, "refund.waive", call.path["id"], call.body.reason)
    return _do(call, waive_refund, act)


def _do(call: Call, action: Callable[..., tuple[CashRefund, bool]], *given: Any) -> Reply:
    return answer_of(
        action(call.path["id"], call.path["refund_id"], *given, call.now), cash_refund_view
    )


@route(
    refunds, "POST", "/v1/admin/cod-remittances",
    summary="Record that a carrier has paid our bank the cash of these orders",
    roles=PAYERS, body=RemittanceIn, answer=RemittanceView, status=201, key=True,
    may_raise=[NotCollected],
    example={"request": {"orders": ["ord_7dq2kzvdkwqymh6dz4wmbyzixe"],
                         "bank_reference": "SF-20261121"},
             "answer": {"amount": {"amount": 1980, "currency": "CNY"},
                        "orders": ["ord_7dq2kzvdkwqymh6dz4wmbyzixe"],
                        "bank_reference": "SF-20261121"}},
)  # fmt: skip
def record_remittance(call: Call) -> Reply:
    body: RemittanceIn = call.body
    act = audit.act_of(call, "cod.remit", "carriers", body.bank_reference)
    remitted = remit_cash(list(dict.fromkeys(body.orders)), act, call.now)
    return answer_of(remitted, lambda sum_: shaped(RemittanceView, body, amount=sum_))
