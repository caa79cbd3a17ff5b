"""Payments: the provider behind a Protocol, the cash journal, webhooks, refunds."""

from chalicelib.payments.actions.carriers import collect_on_delivery, uncollect
from chalicelib.payments.actions.payments import (
    end_payment,
    find_intent,
    has_charge,
    is_started_by,
    learn_payout,
    payment_of,
    record_charge,
    record_disputes,
    start_payment,
)
from chalicelib.payments.actions.refunds import (
    learn_refund,
    owe_refund,
    owe_what_failed,
    see_to_failed,
    send_refund,
)
from chalicelib.payments.actions.waiting import put_off_refund
from chalicelib.payments.queries.payments import (
    cash_given_back,
    is_told_paid,
    refund_states,
    refunds_due,
    refunds_of,
)
from chalicelib.payments.rules.gateway import Intent, Method, ProviderCharge, ProviderRefund
from chalicelib.payments.rules.journal import SALES, UNAPPLIED
from chalicelib.payments.rules.payments import (
    CashRefund,
    CashState,
    RefundState,
    back_by,
    order_id_of,
)

__all__ = [
    "SALES",
    "UNAPPLIED",
    "CashRefund",
    "CashState",
    "Intent",
    "Method",
    "ProviderCharge",
    "ProviderRefund",
    "RefundState",
    "back_by",
    "cash_given_back",
    "collect_on_delivery",
    "end_payment",
    "find_intent",
    "has_charge",
    "is_started_by",
    "is_told_paid",
    "learn_payout",
    "learn_refund",
    "order_id_of",
    "owe_refund",
    "owe_what_failed",
    "payment_of",
    "put_off_refund",
    "record_charge",
    "record_disputes",
    "refund_states",
    "refunds_due",
    "refunds_of",
    "see_to_failed",
    "send_refund",
    "start_payment",
    "uncollect",
]
