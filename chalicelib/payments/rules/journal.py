"""The cash journal: each movement of money is one immutable entry whose postings sum to 0.

Amounts are minor units of the entry's currency. docs/finance.md has the chart of accounts.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

CHARGE, REFUND, REFUND_FAILED = "charge", "refund", "refund_failed"
DISPUTE, DISPUTE_WON, DISPUTE_LOST = "dispute", "dispute_won", "dispute_lost"
PAYOUT, PAYOUT_FAILED = "payout", "payout_failed"
WITHDRAWAL, WITHDRAWAL_FAILED = "withdrawal", "withdrawal_failed"
COD_COLLECTED, COD_REMITTED = "cod_collected", "cod_remitted"
COD_UNCOLLECTED = "cod_uncollected"

# Assets: money at the provider, at the bank, and with carriers who collected it for us.
PROVIDER, BANK, CARRIERS = "assets:provider", "assets:bank", "assets:carriers"
# Clearing: money that no order takes, and money that a dispute holds.
UNAPPLIED, DISPUTED = "clearing:unapplied", "clearing:disputed"
SALES, FEES, REBATES, LOSSES = "income:sales", "costs:fees", "costs:rebates", "costs:disputes"
ACCOUNTS = (
    PROVIDER,
    BANK,
    CARRIERS,
    UNAPPLIED,
    DISPUTED,
    SALES,
    FEES,
    REBATES,
    LOSSES,
)
# Zero at the end of a month, or finance lists each open line.
CLEARING = (CARRIERS, UNAPPLIED, DISPUTED)


class CashPosting(NamedTuple):
    """One signed leg: above 0 a debit, below 0 a credit."""

    account: str
    amount: int


class CashEntry(msgspec.Struct, frozen=True):
    """One movement of money.

    `reference` is its key for good (`charge:ch_…`). `source` is its cause (`order:ord_…`).
    `transaction` is the provider's balance transaction, None for money that no provider moved.
    """

    reference: str
    type: str
    currency: str
    postings: tuple[CashPosting, ...]
    source: str
    occurred_at_ms: int
    recorded_at_ms: int
    transaction: str | None = None

    def __post_init__(self) -> None:
        assert sum(leg.amount for leg in self.postings) == 0, "postings sum to 0"

    def on(self, account: str) -> int:
        """The amount that it moved on an account."""
        return sum(leg.amount for leg in self.postings if leg.account == account)


def through_provider(amount: int, fee: int, contra: str) -> tuple[CashPosting, ...]:
    """The legs of money that comes in at the provider (goes out, below 0), less its fee; no leg of
    0.
    """
    legs = (
        CashPosting(PROVIDER, amount - fee),
        CashPosting(FEES, fee),
        CashPosting(contra, -amount),
    )
    return tuple(leg for leg in legs if leg.amount)


def moved(amount: int, to: str, come_from: str) -> tuple[CashPosting, ...]:
    """Money from one account to another."""
    return (CashPosting(to, amount), CashPosting(come_from, -amount))
