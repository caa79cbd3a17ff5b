"""The payment of an order: its states, and its effects on the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from msgspec.structs import replace

from chalicelib.orders.rules import cash
from chalicelib.orders.rules.cash import CashEvent, Refund
from chalicelib.orders.rules.orders import (
    AWAITING_PAYMENT,
    CANCELLED,
    COD,
    NEXT,
    REJECTED,
    Order,
    OrderAct,
    advance,
)
from chalicelib.orders.rules.refunds import REFUNDABLE
from chalicelib.orders.rules.words import not_allowed
from chalicelib.payments import PaymentClosed

Rule = Callable[[Order], Order]

AWAITING, DECLINED, SUCCEEDED, DEAD = "awaiting", "declined", "succeeded", "cancelled"
PARTIALLY_REFUNDED, REFUNDED, DISPUTED = "partially_refunded", "refunded", "disputed"
DUE, COLLECTED = "due", "collected"


def status_of(order: Order) -> str | None:
    """The state of an order's payment; None where nothing is due in cash.

    A charge that the order did not take counts as refunded, unless a bank has the money.
    """
    if not order.cash:
        return None
    if order.disputed or _is_away(order):
        return DISPUTED
    if is_unapplied(order):
        return REFUNDED
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


def charge_of(order: Order) -> str | None:
    """The provider's charge of an order's payment, whether the order took it or not."""
    not_taken = (event.about for event in order.cash_events if event.kind in cash.NOT_TAKEN)
    return order.paid if order.paid not in (None, COD) else next(not_taken, None)


def is_unapplied(order: Order) -> bool:
    """Whether its one charge was not applied to it: nobody can pay it any more."""
    came = any(event.kind in cash.NOT_TAKEN for event in order.cash_events)
    return came and order.paid is None


def _is_away(order: Order) -> bool:
    """Whether an open dispute has money that the order did not take."""
    return order.paid is None and bool(cash.undecided(order.cash_events))


def record_cash(order: Order, events: Iterable[CashEvent], returns: Iterable[Refund] = ()) -> Order:
    """The order with new cash events, each once, and with `returns`, the refunds of money that it
    did not take.

    An older answer of the provider does not change a failed refund.
    """
    known = {(event.kind, event.about) for event in order.cash_events}
    new = tuple(event for event in events if (event.kind, event.about) not in known)
    seen = {made.id: made for made in order.unapplied}
    told = {made.id: _later(seen.get(made.id), made) for made in returns}
    unapplied = tuple((seen | told).values())
    if not new and unapplied == order.unapplied:
        return order
    return replace(
        order,
        cash_events=(*order.cash_events, *new),
        unapplied=unapplied,
        version=order.version + 1,
    )


def events_of(order: Order) -> list[CashEvent]:
    """All events of an order's money beside its states, with external refunds."""
    currency = order.currency or ""
    at_provider = [
        CashEvent(cash.REFUNDED_AT_PROVIDER, made.id, made.cash, currency, made.at_ms)
        for made in order.refunds
        if made.is_external and not made.is_silent
    ]
    return [*order.cash_events, *at_provider]


def _later(known: Refund | None, told: Refund) -> Refund:
    """The final facts of one refund: its time, and whether it failed."""
    if known is None:
        return told
    return known if known.is_silent or told.cash else msgspec.structs.replace(known, cash=0)


def pay(order: Order, charge: str, act: OrderAct) -> Order:
    """The order paid by a charge.

    Raises NotAllowedInThisState.
    """
    after = advance(order, act)
    return replace(after, paid=charge, declined=None)


def awaits_payment(order: Order) -> bool:
    return order.status == AWAITING_PAYMENT


def check_payable(order: Order, at_ms: int) -> None:
    """Check that a payment of the order can begin at this moment.

    Raises NotAllowedInThisState, PaymentClosed.
    """
    if not awaits_payment(order) or at_ms >= order.pay_until_ms:
        raise not_allowed(order.way, order.status)
    if is_unapplied(order):
        raise PaymentClosed()


def refunds_cash(order: Order, act: str) -> bool:
    """Whether an act (`cancel`, `reject`, `refund`) refunds cash at a provider."""
    if order.paid in (None, COD):
        return False
    return order.status in REFUNDABLE if act == "refund" else (act, None, order.status) in NEXT


def decline(order: Order, code: str | None) -> Order:
    """An unpaid order with its last failed payment; its history gets no step."""
    if not awaits_payment(order) or order.declined == code:
        return order
    return replace(order, declined=code, version=order.version + 1)


def close(order: Order) -> Order:
    """A dead order that nobody can pay any more."""
    if not order.unsettled:
        return order
    return replace(order, unsettled=False, version=order.version + 1)


def record_disputes(order: Order, known: int, *, is_away: bool) -> Order:
    """The order after so many steps of its disputes: frozen while a bank has its cash.

    An older answer that comes late changes nothing.
    """
    if known <= order.dispute_steps:
        return order
    return replace(order, disputed=is_away, dispute_steps=known, version=order.version + 1)
