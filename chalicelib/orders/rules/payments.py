"""How the cash of an order stands, and what a payment does to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.orders.rules.orders import (
    AWAITING_PAYMENT,
    CANCELLED,
    COD,
    NEXT,
    REJECTED,
    Act,
    Order,
    advance,
)
from chalicelib.orders.rules.refunds import REFUNDABLE

Rule = Callable[[Order], Order]

AWAITING, DECLINED, SUCCEEDED, DEAD = "awaiting", "declined", "succeeded", "cancelled"
PARTIALLY_REFUNDED, REFUNDED, DISPUTED = "partially_refunded", "refunded", "disputed"
DUE, COLLECTED = "due", "collected"


def status_of(order: Order) -> str | None:
    """The state of an order's payment; None where nothing is due in cash."""
    if not order.cash:
        return None
    if order.disputed:
        return DISPUTED
    if order.paid is None:
        return _unpaid(order)
    if not order.cash_returned:
        return COLLECTED if order.method == COD else SUCCEEDED
    return REFUNDED if order.cash_returned == order.cash_taken else PARTIALLY_REFUNDED


def _unpaid(order: Order) -> str:
    if order.status in (CANCELLED, REJECTED) or order.is_refunded:
        return DEAD
    if order.method == COD:
        return DUE
    return DECLINED if order.declined else AWAITING


def paid(order: Order, charge: str, act: Act) -> Order:
    """The order once its cash has come.

    Raises NotAllowedInThisState.
    """
    after = advance(order, act)
    return replace(after, paid=charge, declined=None)


def awaits(order: Order) -> bool:
    return order.status == AWAITING_PAYMENT


def gives_back(order: Order, act: str) -> bool:
    """Whether an act (`cancel`, `reject`, `refund`) gives back what a provider was paid."""
    if order.paid in (None, COD):
        return False
    return order.status in REFUNDABLE if act == "refund" else (act, None, order.status) in NEXT


def was_declined(order: Order, code: str | None) -> Order:
    """An unpaid order with the last refusal to pay: no step in its history."""
    if not awaits(order) or order.declined == code:
        return order
    return replace(order, declined=code, version=order.version + 1)


def settled(order: Order) -> Order:
    """A dead order that nobody can pay any more."""
    if not order.unsettled:
        return order
    return replace(order, unsettled=False, version=order.version + 1)


def learn_disputes(order: Order, known: int, *, is_away: bool) -> Order:
    """The order once its disputes have come so many steps: frozen while its cash is away.

    What was asked before and comes late, when more is known, changes nothing.
    """
    if known <= order.dispute_steps:
        return order
    return replace(order, disputed=is_away, dispute_steps=known, version=order.version + 1)
