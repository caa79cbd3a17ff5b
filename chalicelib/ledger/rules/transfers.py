"""Transfers: what they are called, and gifts that wait in escrow for somebody to register."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.ledger.rules.lots import Lots


@dataclass(frozen=True)
class Escrow:
    """Points on their way to whoever `claimant` (an opaque key) will be, until `expires_at`.

    `lots` are positive; `recipient` is where to tell of it, sealed.
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
