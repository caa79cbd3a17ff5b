"""Transfers: their references, and gifts in escrow for an unregistered receiver."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.ledger.rules.lots import Lots


@dataclass(frozen=True)
class Escrow:
    """Points that wait for a future `claimant` (an opaque key) until `expires_at`.

    `lots` are positive; `recipient` is the sealed phone or e-mail to notify.
    """

    claimant: str
    transfer_id: str
    account_id: str
    lots: Lots
    expires_at: int
    recipient: bytes

    @property
    def points(self) -> int:
        return sum(self.lots.values())


def transfer_reference(transfer_id: str) -> str:
    """The reference of both sides' entries."""
    return f"transfer:{transfer_id}"
