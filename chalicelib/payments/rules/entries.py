"""Entries of the cash journal for the provider's bookings of an order or a payout."""

from __future__ import annotations

from chalicelib.payments.rules.gateway import (
    Movement,
    ProviderDispute,
    ProviderPayout,
    ProviderRefund,
)
from chalicelib.payments.rules.journal import (
    BANK,
    DISPUTE,
    DISPUTE_LOST,
    DISPUTE_WON,
    DISPUTED,
    LOSSES,
    PAYOUT,
    PAYOUT_FAILED,
    REFUND,
    REFUND_FAILED,
    UNAPPLIED,
    CashEntry,
    CashPosting,
    through_provider,
)


def refund_entries(
    order_id: str, refund: ProviderRefund, contra: str, now_ms: int
) -> list[CashEntry]:
    """The entries of a refund's bookings: the money that left, and the money that came back."""
    booked = []
    if refund.movement:
        booked.append((f"refund:{refund.id}", REFUND, refund.movement))
    if refund.failure:
        booked.append((f"refund:{refund.id}:failed", REFUND_FAILED, refund.failure))
    return [
        _entry(reference, kind, order_id, movement, contra, now_ms)
        for reference, kind, movement in booked
    ]


def dispute_entries(
    order_id: str, dispute: ProviderDispute, unapplied: int, now_ms: int
) -> list[CashEntry]:
    """The entries of a dispute: taken, returned, and lost.

    A loss is first taken from `unapplied` (minor units), money that no order takes: it was the
    payer's.
    """
    entries = [
        _entry(
            f"dispute:{dispute.id}:{movement.id}",
            DISPUTE if movement.amount < 0 else DISPUTE_WON,
            order_id,
            movement,
            DISPUTED,
            now_ms,
        )
        for movement in dispute.movements
    ]
    held = -sum(movement.amount for movement in dispute.movements)
    if dispute.status == "lost" and held:
        payers = min(held, unapplied)
        borne = (CashPosting(UNAPPLIED, payers), CashPosting(LOSSES, held - payers))
        legs = (*(leg for leg in borne if leg.amount), CashPosting(DISPUTED, -held))
        reference, currency = f"dispute:{dispute.id}:lost", dispute.movements[0].currency
        source = f"order:{order_id}"
        entries.append(CashEntry(reference, DISPUTE_LOST, currency, legs, source, now_ms, now_ms))
    return entries


def charge_entry(
    order_id: str, charge_id: str, movement: Movement, contra: str, now_ms: int
) -> CashEntry:
    """The entry of money that came for an order, to its sale or to unapplied money."""
    return _entry(f"charge:{charge_id}", "charge", order_id, movement, contra, now_ms)


def payout_entries(payout: ProviderPayout, now_ms: int) -> list[CashEntry]:
    """The entries of money sent to our own bank, and of its returns."""
    entries = []
    for movement in payout.movements:
        failed = movement.amount > 0
        reference = f"payout:{payout.id}:failed" if failed else f"payout:{payout.id}"
        entries.append(
            CashEntry(
                reference,
                PAYOUT_FAILED if failed else PAYOUT,
                movement.currency,
                through_provider(movement.amount, movement.fee, BANK),
                "provider",
                movement.created_at_ms,
                now_ms,
                movement.id,
            )
        )
    return entries


def _entry(
    reference: str, kind: str, order_id: str, movement: Movement, contra: str, now_ms: int
) -> CashEntry:
    return CashEntry(
        reference,
        kind,
        movement.currency,
        through_provider(movement.amount, movement.fee, contra),
        f"order:{order_id}",
        movement.created_at_ms,
        now_ms,
        movement.id,
    )
