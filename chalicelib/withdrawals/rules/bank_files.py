"""A bank file: the CSV that finance hands to the bank, the same bytes whenever it is made.

Account numbers are in groups of four, so that a spreadsheet keeps every digit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from chalicelib.kernel.csv_cells import csv_text
from chalicelib.kernel.money import major
from chalicelib.withdrawals.rules.payout_accounts import BankAccount

# A transaction holds 100 items: the file, the audit, and for each payment the withdrawal, the
# member's standing and their payout account.
MAX_IN_BANK_FILE = 32


class BankFile(msgspec.Struct, frozen=True):
    """Withdrawals that the bank is ordered to pay; its list never changes."""

    id: str
    withdrawals: tuple[str, ...]
    total: int
    currency: str
    author: str
    content: bytes
    created_at_ms: int


class BankLine(NamedTuple):
    """One payment: `amount` in minor units, `day` the program's day of the request."""

    withdrawal_id: str
    account: BankAccount
    amount: int
    currency: str
    day: str


COLUMNS = (
    "withdrawal_id",
    "holder",
    "bank",
    "account_number",
    "amount",
    "amount_minor",
    "currency",
    "requested_on",
)


def bank_csv(lines: Iterable[BankLine]) -> str:
    rows = (
        (
            line.withdrawal_id,
            line.account.holder,
            line.account.bank,
            in_fours(line.account.account_number),
            major(line.amount, line.currency),
            line.amount,
            line.currency,
            line.day,
        )
        for line in lines
    )
    return csv_text(COLUMNS, rows)


def in_fours(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
