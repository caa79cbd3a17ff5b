"""External refunds, made at the provider, and disputes: money that left a payment without us."""

from __future__ import annotations

from chalicelib.kernel.money import Money
from chalicelib.payments.rules.gateway import ProviderDispute, ProviderRefund
from chalicelib.payments.rules.refunds import (
    AT_PROVIDER,
    BY_BANK,
    CANCELED,
    SENT,
    SUCCEEDED,
    CashRefund,
)


def refund_at_provider(
    order_id: str, told: ProviderRefund, contra: str, currency: str, now_ms: int
) -> CashRefund:
    """A refund that was made at the provider itself.

    One that fails there is `canceled`. We owe it again where an order or its payer is short of it.
    """
    status = {"pending": SENT, "succeeded": SUCCEEDED}.get(told.status, CANCELED)
    at_ms = told.movement.created_at_ms if told.movement else now_ms
    steps = {SENT: 1, SUCCEEDED: 2, CANCELED: 3}[status]
    amount = Money(told.amount, currency)
    return CashRefund(told.id, order_id, amount, contra, AT_PROVIDER, status, at_ms, version=steps)


def dispute_at_provider(
    order_id: str, told: ProviderDispute, contra: str, currency: str, now_ms: int
) -> CashRefund:
    """A dispute or inquiry: `sent` until it is decided, `canceled` if we won."""
    status = {"open": SENT, "won": CANCELED, "lost": SUCCEEDED}[told.status]
    at_ms = told.movements[0].created_at_ms if told.movements else now_ms
    amount, steps = Money(told.amount, currency), told.steps
    return CashRefund(told.id, order_id, amount, contra, BY_BANK, status, at_ms, version=steps)
