"""Entries of the cash journal for the provider's bookings of an order or a payout."""

from __future__ import annotations

from chalicelib.kernel.money import Money
from chalicelib.payments.rules.gateway import (
    Movement,
    ProviderDispute,
    ProviderPayout,
    ProviderRefund,
)
from chalicelib.payments.rules.journal import (
    BANK,
    CHARGE,
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
    moved,
    through_provider,
)


def refund_entries(
    order_id: str, refund: ProviderRefund, contra: str, now_ms: int
) -> list[CashEntry]:
    """The entries of a refund's bookings: the money that left, and the money that came back."""
    name, source = f"refund:{refund.id}", f"order:{order_id}"
    booked = (REFUND, name, refund.movement), (REFUND_FAILED, f"{name}:failed", refund.failure)
    return [
        line_entry(kind, reference, source, movement, contra, now_ms)
        for kind, reference, movement in booked
        if movement
    ]


def dispute_entries(
    order_id: str, dispute: ProviderDispute, unapplied: int, now_ms: int
) -> list[CashEntry]:
    """The entries of a dispute: taken, returned, and lost.

    A loss is first taken from `unapplied` (minor units), money that no order takes: it was the
    payer's.
    """
    name, source = f"dispute:{dispute.id}", f"order:{order_id}"
    entries = []
    for line in dispute.movements:
        kind = DISPUTE if line.amount < 0 else DISPUTE_WON
        entries.append(line_entry(kind, f"{name}:{line.id}", source, line, DISPUTED, now_ms))
    held = -sum(movement.amount for movement in dispute.movements)
    if dispute.status == "lost" and held:
        payers = min(held, unapplied)
        borne = (CashPosting(UNAPPLIED, payers), CashPosting(LOSSES, held - payers))
        legs = (*(leg for leg in borne if leg.amount), CashPosting(DISPUTED, -held))
        reference, currency = f"{name}:lost", dispute.movements[0].currency
        entries.append(CashEntry(reference, DISPUTE_LOST, currency, legs, source, now_ms, now_ms))
    return entries


def charge_entry(
    order_id: str, charge_id: str, movement: Movement, contra: str, now_ms: int
) -> CashEntry:
    """The entry of money that came for an order, to its sale or to unapplied money."""
    reference, source = f"charge:{charge_id}", f"order:{order_id}"
    return line_entry(CHARGE, reference, source, movement, contra, now_ms)


def payout_entries(payout: ProviderPayout, now_ms: int) -> list[CashEntry]:
    """The entries of money sent to our own bank, and of its returns."""
    name, entries = f"payout:{payout.id}", []
    for line in payout.movements:
        kind, reference = (PAYOUT_FAILED, f"{name}:failed") if line.amount > 0 else (PAYOUT, name)
        entries.append(line_entry(kind, reference, "provider", line, BANK, now_ms))
    return entries


def line_entry(
    kind: str, reference: str, source: str, line: Movement, contra: str, now_ms: int
) -> CashEntry:
    """The entry of a line of the provider's books, against an account of ours."""
    legs, at_ms = through_provider(line.amount, line.fee, contra), line.created_at_ms
    return CashEntry(reference, kind, line.currency, legs, source, at_ms, now_ms, line.id)


def our_entry(
    kind: str, reference: str, source: str, cash: Money, to: str, come_from: str, at_ms: int
) -> CashEntry:
    """The entry of money that no provider moved, from one account to another."""
    legs = moved(cash.amount, to, come_from)
    return CashEntry(reference, kind, cash.currency, legs, source, at_ms, at_ms)
