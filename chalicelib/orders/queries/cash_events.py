"""Cash events of an order from the provider's answers: each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from chalicelib import payments
from chalicelib.kernel.clock import to_ms
from chalicelib.orders.rules import CashEvent, Order, Refund, cash
from chalicelib.payments import CashRefund, ProviderCharge, ProviderRefund


def not_taken(order: Order, charge: ProviderCharge) -> CashEvent:
    """The event of a charge that the order does not take: it is over, or its amount differs.

    Its time is the end of the order or, if that is later, the time of the charge.
    """
    due = (order.cash, order.currency)
    fits = (charge.amount.amount, charge.amount.currency) == due
    kind = cash.LATE if fits else cash.OTHER_AMOUNT
    amount, at_ms = charge.amount.amount, charge.movement.created_at_ms
    return _event(order, kind, charge.id, charge, amount, at_ms)


def of_charge(
    order: Order,
    charge: ProviderCharge,
    external: Sequence[ProviderRefund],
    now: datetime,
    *,
    is_sold: bool,
) -> list[CashEvent]:
    """All events of a charge beside the order's states."""
    events = [] if is_sold else [not_taken(order, charge)]
    events += _of_refunds(order, charge, external, now, is_sold=is_sold)
    events += _of_disputes(order, charge, now)
    return events


def returns_of(order: Order, external: Iterable[ProviderRefund], now: datetime) -> list[Refund]:
    """Refunds of money that the order did not take, ours and external ones."""
    ours = payments.refunds_of(order.id)
    again = {refund.retried_as for refund in ours}
    made = [
        _ours(refund)
        for refund in ours
        if refund.contra == payments.UNAPPLIED and refund.id not in again
    ]
    at_provider = [
        Refund(
            told.id,
            0,
            told.amount if told.stands else 0,
            _at(told, now),
            b"",
            cash.REFUNDED_AT_PROVIDER,
        )
        for told in external
    ]
    return sorted([*made, *at_provider], key=lambda refund: (refund.at_ms, refund.id))


def _ours(refund: CashRefund) -> Refund:
    return Refund(refund.id, 0, refund.amount.amount, refund.created_at_ms, b"", refund.reason)


def _of_refunds(
    order: Order,
    charge: ProviderCharge,
    external: Sequence[ProviderRefund],
    now: datetime,
    *,
    is_sold: bool,
) -> Iterator[CashEvent]:
    """Events of external refunds. A sold order has them as refunds: only their failure is new."""
    stood = {made.id for made in order.refunds if made.is_external and not made.is_silent}
    for told in external:
        if not is_sold:
            kind, at_ms = cash.REFUNDED_AT_PROVIDER, _at(told, now)
            yield _event(order, kind, told.id, charge, told.amount, at_ms)
        if not told.stands and (not is_sold or told.id in stood):
            failed = told.failure.created_at_ms if told.failure else to_ms(now)
            kind = cash.PROVIDER_REFUND_FAILED
            yield _event(order, kind, told.id, charge, told.amount, failed)


def _of_disputes(order: Order, charge: ProviderCharge, now: datetime) -> Iterator[CashEvent]:
    for told in charge.disputes:
        kind = cash.INQUIRY if told.is_inquiry else cash.DISPUTED
        opened = told.movements[0].created_at_ms if told.movements else to_ms(now)
        yield _event(order, kind, told.id, charge, told.amount, opened)
        if told.status != "open":
            ended = cash.DISPUTE_WON if told.status == "won" else cash.DISPUTE_LOST
            back = told.movements[-1].created_at_ms if len(told.movements) > 1 else to_ms(now)
            yield _event(order, ended, told.id, charge, told.amount, back)


def _at(told: ProviderRefund, now: datetime) -> int:
    return told.movement.created_at_ms if told.movement else to_ms(now)


def _event(
    order: Order, kind: str, about: str, charge: ProviderCharge, amount: int, at_ms: int
) -> CashEvent:
    """An event no earlier than the order's decision: the provider's clock has seconds only."""
    at_ms = max(at_ms, order.decided_at_ms)
    return CashEvent(kind, about, amount, charge.amount.currency, at_ms)
