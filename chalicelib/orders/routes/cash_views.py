"""An order's money as members and staff see it: payment, refunds, events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import msgspec

from chalicelib.kernel.clock import day_spoken, from_ms, rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import Money, spoken
from chalicelib.kernel.shapes import shaped
from chalicelib.orders.rules import CashEvent, Order, Refund, payments
from chalicelib.orders.rules.words import note_in
from chalicelib.payments import CashState, RefundState, back_by

PaymentStatus = Literal[
    "awaiting",
    "declined",
    "succeeded",
    "partially_refunded",
    "refunded",
    "disputed",
    "cancelled",
    "due",
    "collected",
]
Method = Literal["card", "alipay", "wechat_pay", "cod"]

# Reasons of refunds that the staff did not make; the staff's own words are shown unchanged.
_WHY = {
    "late": Words("订单结束后才收到付款，原路退回", "Paid after the order had ended"),
    "other_amount": Words("付款金额与订单不符，原路退回", "Not the amount of the order"),
    "refund_failed": Words("上一笔退款未成功，重新退回", "An earlier refund did not go through"),
    "refunded_at_provider": Words("由支付平台直接退回", "Refunded by the payment provider"),
}
# Members and the staff read the same.
_HAPPENED = {
    "late": Words(
        "订单结束后收到付款 {money}，将原路退回，最迟 {day}到账",
        "{money} was paid after the order had ended. It goes back to the payer by {day}",
    ),
    "other_amount": Words(
        "收到付款 {money}，与订单金额不符，将原路退回，最迟 {day}到账",
        "{money} was paid, which is not the amount of the order. It goes back by {day}",
    ),
    "refunded_at_provider": Words(
        "支付平台已退回 {money}，最迟 {day}到账",
        "The payment provider has refunded {money}. The payer has it by {day}",
    ),
    "provider_refund_failed": Words(
        "支付平台退回的 {money} 未能到账", "A refund of {money} at the payment provider has failed"
    ),
    "disputed": Words(
        "付款银行发起拒付，扣回 {money}，订单暂停处理",
        "The payer's bank has taken {money} back: the order is paused",
    ),
    "inquiry": Words(
        "付款银行正在核实 {money} 的付款，订单暂停处理",
        "The payer's bank asks about the payment of {money}: the order is paused",
    ),
    "dispute_won": Words(
        "付款银行已确认 {money} 的付款有效", "The payer's bank has confirmed the payment of {money}"
    ),
    "dispute_lost": Words(
        "拒付成立，付款银行已将 {money} 退还付款人",
        "The payer's bank has given {money} back to the payer",
    ),
}


class PaymentView(msgspec.Struct):
    """The payment of an order. docs/paying.md explains its use in an app.

    `declined`: Stripe's code of the last failed payment, such as `insufficient_funds` or
    `expired_card`. `due`: the carrier collects the cash; `collected`: the parcel has come, so the
    cash counts as paid. `method` is the method of the order. `expires_at`: an order unpaid by then
    is cancelled; null if it does not await its payment.
    """

    status: PaymentStatus
    method: Method
    declined: str | None
    expires_at: str | None


class RefundView(msgspec.Struct):
    """A refund. Points are back at once; cash takes as long as the bank does.

    `status` is the status of the cash. `pending`: the bank has not moved it yet. `failed`: it came
    back to us, and we pay it in another way. `not_due`: an order on delivery was unpaid.
    `expected_by` is the latest time at which the payer has the cash, or null if it is unknown.
    """

    id: str
    points: int
    cash: Money
    status: RefundState
    at: str
    reason: str | None
    expected_by: str | None


def cash(amount: int, currency: str | None = None) -> Money:
    return Money(amount, currency or config().currency)


def payment_view(order: Order) -> PaymentView | None:
    """None where nothing is due in cash."""
    status = payments.status_of(order)
    if status is None:
        return None
    can_be_paid = payments.awaits_payment(order) and status in (
        payments.AWAITING,
        payments.DECLINED,
    )
    expires_at = rfc3339_ms(order.pay_until_ms) if can_be_paid else None
    return PaymentView(
        cast(PaymentStatus, status), cast(Method, order.method), order.declined, expires_at
    )


def refund_views(order: Order, states: Mapping[str, CashState], language: str) -> list[RefundView]:
    """Refunds of the order, then of money that it did not take."""
    shown = [made for made in (*order.refunds, *order.unapplied) if not made.is_silent]
    return [refund_view(order, made, states, language) for made in shown]


def refund_view(
    order: Order, refund: Refund, states: Mapping[str, CashState], language: str
) -> RefundView:
    is_ours = refund.cash and not refund.is_external
    told = states.get(refund.id, CashState("not_due")) if is_ours else CashState("succeeded")
    by_ms = back_by(refund.at_ms) if refund.is_external else told.expected_by_ms
    return shaped(
        RefundView,
        refund,
        cash=cash(refund.cash, order.currency),
        status=told.state,
        reason=_why(order, refund, language),
        expected_by=None if by_ms is None else rfc3339_ms(by_ms),
    )


def _why(order: Order, refund: Refund, language: str) -> str | None:
    if refund in order.unapplied or (refund.is_external and not refund.reason):
        return _WHY[refund.reason or "refunded_at_provider"].in_language(language)
    return note_in(language, refund.reason)


def cash_event_text(event: CashEvent, language: str) -> str | None:
    """The text of a cash event; None for a kind of a newer release."""
    words = _HAPPENED.get(event.kind)
    if words is None:
        return None
    return words.in_language(
        language,
        money=spoken(event.amount, event.currency, language),
        day=day_spoken(from_ms(back_by(event.at_ms)), language),
    )
