"""Cash that goes back, what finance does where it cannot, and cash that carriers bring."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Invalid, InvalidCursor, NotAllowedInThisState
from chalicelib.kernel.money import MAX_MINOR_UNITS, Money
from chalicelib.kernel.texts import BankReference, Reason
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.payments.actions.carriers import remit_cash
from chalicelib.payments.actions.refunds_ending import refund_by_hand, retry_refund, waive_refund
from chalicelib.payments.errors import NotAtProvider, NotCollected, PaymentExhausted
from chalicelib.payments.queries.payments import ListedState, listed_refunds
from chalicelib.payments.rules.payments import AT_PROVIDER, BY_BANK, CashRefund

refunds = Blueprint(__name__)

READERS, PAYERS = (OPS, FINANCE, ADMIN), (FINANCE, ADMIN)


class RefundsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """`failed`: somebody has to see to it; `open`: on its way; `ended`. All of them if silent."""

    state: ListedState | None = None


class CashRefundView(msgspec.Struct):
    """Cash that goes back of an order; `failure` tells why it has not yet.

    `kind` is `refund` for ours; `provider_refund` was made at the provider itself, and `dispute`
    is what a bank took or asks about: `sent` until it is decided, `succeeded` if it is lost to us,
    `canceled` if it is ours. `reason` of ours is the state that gave it back (`cancelled`,
    `rejected`, `refund`), `late` for a payment of an order that was over, `other_amount`, or
    `refund_failed` for what a refund at the provider did not give back. `expected_by`: when the
    payer should have it at the latest, null where that is not known or it has failed.

    `closed`: not owed any more. It was sent again as another (`retried:rfd_…`), nobody had paid
    what it gives back (`uncollected`), or whoever paid has it otherwise (`waived`).
    """

    id: str
    order_id: str
    kind: Literal["refund", "provider_refund", "dispute"]
    amount: Money
    reason: str
    status: Literal["due", "sent", "succeeded", "failed", "by_hand", "closed", "canceled"]
    failure: str | None
    created_at: str
    expected_by: str | None


class ByHandIn(msgspec.Struct, forbid_unknown_fields=True):
    """The bank's own reference of the transfer, and how much it was (minor units): the refund's
    whole without `amount`, else what is left of the payment."""

    bank_reference: BankReference
    amount: Annotated[int, msgspec.Meta(ge=1, le=MAX_MINOR_UNITS)] | None = None


class WaivedIn(msgspec.Struct, forbid_unknown_fields=True):
    """Why it is not owed: which dispute was lost, which refund at the provider it doubles."""

    reason: Reason


class RemittanceIn(msgspec.Struct, forbid_unknown_fields=True):
    """The orders whose cash a carrier has brought to our bank, under the bank's reference."""

    orders: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=64)]],
        msgspec.Meta(min_length=1, max_length=40),
    ]
    bank_reference: BankReference


class RemittanceView(msgspec.Struct):
    """How much it was in all."""

    amount: Money
    orders: list[str]
    bank_reference: str


EXAMPLE = {
    "id": "rfd_5c3bqbzkmvnl2hwmbkqk5pnjhm", "order_id": "ord_7dq2kzvdkwqymh6dz4wmbyzixe",
    "kind": "refund", "amount": {"amount": 990, "currency": "CNY"}, "reason": "refund",
    "status": "failed", "failure": "failed_at_bank", "created_at": "2026-11-21T08:00:00Z",
    "expected_by": None,
}  # fmt: skip


@route(
    refunds, "GET", "/v1/admin/refunds",
    summary="Cash that goes back: what failed first, then what is on its way, then what has ended",
    roles=READERS, query=RefundsQuery, answer=Page[CashRefundView], may_raise=[InvalidCursor],
    example={"answer": {"data": [EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_refunds(call: Call) -> Reply:
    asked: RefundsQuery = call.query
    return Reply(listed_refunds(asked.state, asked, _view))


@route(
    refunds, "POST", "/v1/admin/orders/{id}/refunds/{refund_id}/retry",
    summary="Send a failed refund once more, as a refund of its own: what is left of the payment",
    roles=PAYERS, answer=CashRefundView, status=201, key=True,
    may_raise=[NotAllowedInThisState, PaymentExhausted, NotAtProvider],
    example={"answer": {**EXAMPLE, "status": "due", "failure": None}},
)  # fmt: skip
def retry_failed_refund(call: Call) -> Reply:
    act = audit.act_of(call, "refund.retry", call.path["id"])
    made, replayed = retry_refund(
        call.path["id"], call.path["refund_id"], call.derived_id("rfd"), act, call.now
    )
    return replayable(_view(made), status=201, replayed=replayed)


@route(
    refunds, "POST", "/v1/admin/orders/{id}/refunds/{refund_id}/paid-by-hand",
    summary="Record that finance has paid a failed refund from our bank",
    roles=PAYERS, body=ByHandIn, answer=CashRefundView, key=True,
    may_raise=[NotAllowedInThisState, PaymentExhausted, Invalid, NotAtProvider],
    example={"request": {"bank_reference": "ICBC-20261121-0042"},
             "answer": {**EXAMPLE, "status": "by_hand", "failure": None}},
)  # fmt: skip
def record_refund_by_hand(call: Call) -> Reply:
    body: ByHandIn = call.body
    act = audit.act_of(call, "refund.by_hand", call.path["id"], body.bank_reference)
    made, replayed = refund_by_hand(
        call.path["id"], call.path["refund_id"], body.bank_reference, body.amount, act, call.now
    )
    return replayable(_view(made), status=200, replayed=replayed)


@route(
    refunds, "POST", "/v1/admin/orders/{id}/refunds/{refund_id}/waive",
    summary="Close a failed refund that is not owed any more: the payer has the money otherwise",
    roles=PAYERS, body=WaivedIn, answer=CashRefundView, key=True,
    may_raise=[NotAllowedInThisState],
    example={"request": {"reason": "拒付已由发卡行退回"},
             "answer": {**EXAMPLE, "status": "closed", "failure": "waived"}},
)  # fmt: skip
def waive_failed_refund(call: Call) -> Reply:
    body: WaivedIn = call.body
    act = audit.act_of(call, "refund.waive", call.path["id"], body.reason)
    made, replayed = waive_refund(call.path["id"], call.path["refund_id"], act, call.now)
    return replayable(_view(made), status=200, replayed=replayed)


@route(
    refunds, "POST", "/v1/admin/cod-remittances",
    summary="Record that a carrier has brought the cash of these orders to our bank",
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
    amount, replayed = remit_cash(list(dict.fromkeys(body.orders)), act, call.now)
    view = RemittanceView(amount, body.orders, body.bank_reference)
    return replayable(view, status=201, replayed=replayed)


def _view(refund: CashRefund) -> CashRefundView:
    kinds = {AT_PROVIDER: "provider_refund", BY_BANK: "dispute"}
    by_ms = refund.expected_by_ms
    return CashRefundView(
        id=refund.id, order_id=refund.order_id,
        kind="refund" if refund.is_ours else kinds[refund.reason],  # type: ignore[arg-type]
        amount=refund.amount, reason=refund.reason,
        status=refund.status,  # type: ignore[arg-type]
        failure=refund.failure, created_at=rfc3339_ms(refund.created_at_ms),
        expected_by=None if by_ms is None else rfc3339_ms(by_ms),
    )  # fmt: skip
