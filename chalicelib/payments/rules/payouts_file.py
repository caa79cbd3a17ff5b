"""A bank file: the CSV that finance hands to the bank, the same bytes whenever it is made.

UTF-8 with a byte order mark, RFC 4180. No cell begins a formula, and account numbers stand in
groups of four, so that a spreadsheet keeps every digit.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.kernel.money import major
from chalicelib.payments.rules.payouts import BankAccount

BYTE_ORDER_MARK = "\ufeff"
_BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class BankLine(NamedTuple):
    """One payment: `amount` in minor units, `day` the program's day of the request."""

    withdrawal_id: str
    account: BankAccount
    amount: int
    currency: str
    day: str


COLUMNS = (
    "withdrawal_id", "holder", "bank", "account_number", "amount", "amount_minor", "currency",
    "requested_on",
)  # fmt: skip


def bank_csv(lines: Iterable[BankLine]) -> str:
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for line in lines:
        rows.writerow(
            (
                line.withdrawal_id, safe_cell(line.account.holder), safe_cell(line.account.bank),
                in_fours(line.account.account_number), major(line.amount, line.currency),
                line.amount, line.currency, line.day,
            )
        )  # fmt: skip
    return text.getvalue()


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def in_fours(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
