"""A month's trial balance: the opening, debit, credit and closing of each account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from chalicelib.finance.rules.settlements import OpenLine, Settlement
from chalicelib.payments import journal


class AccountMonth(msgspec.Struct, frozen=True):
    """`opening + debit - credit = closing`, in minor units; a credit balance is below 0."""

    account: str
    opening: int
    debit: int
    credit: int
    closing: int


class TrialBalance(msgspec.Struct, frozen=True):
    """The accounts of a month up to the day `until`; debits and credits are equal."""

    month: str
    currency: str
    until: date
    is_closed: bool
    accounts: tuple[AccountMonth, ...]
    open_lines: tuple[OpenLine, ...]
    open_count: int

    @property
    def debit(self) -> int:
        return sum(each.debit for each in self.accounts)

    @property
    def credit(self) -> int:
        return sum(each.credit for each in self.accounts)

    @property
    def clearing_is_zero(self) -> bool:
        """Whether every clearing account closes at 0."""
        left = [each.closing for each in self.accounts if each.account in journal.CLEARING]
        return not any(left)


def trial_balance(
    month: str, days: Sequence[Settlement], last: date, settled_until: date
) -> TrialBalance:
    """The trial balance of a month from its settlements in order.

    If nothing moved in the month, `days` is the one settlement before it. `last` is the month's
    last day, `settled_until` the last settled day.
    """
    end = days[-1]
    within = [each for each in days if f"{each.manifest.day:%Y-%m}" == month]
    accounts = []
    for account in journal.ACCOUNTS:
        opening = within[0].accounts[account].opening if within else end.accounts[account].closing
        debit = sum(each.accounts[account].debit for each in within)
        credit = sum(each.accounts[account].credit for each in within)
        closing = opening + debit - credit
        assert closing == end.accounts[account].closing, "each day opens as the last one closed"
        accounts.append(AccountMonth(account, opening, debit, credit, closing))
    return TrialBalance(
        month,
        end.manifest.currency,
        min(last, settled_until),
        settled_until >= last,
        tuple(accounts),
        end.open_lines,
        end.open_count,
    )


def month_ends(month: str) -> tuple[date, date]:
    """The first and the last day of a month such as `2026-11`."""
    year, number = int(month[:4]), int(month[5:])
    after = date(year + number // 12, number % 12 + 1, 1)
    return date(year, number, 1), after - timedelta(days=1)
