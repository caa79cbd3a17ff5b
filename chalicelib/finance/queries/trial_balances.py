"""A month's trial balance, from the settlements of its days."""

from __future__ import annotations

import re
from datetime import date, timedelta

from chalicelib.finance.queries import settlements
from chalicelib.finance.rules.settlements import Manifest
from chalicelib.finance.rules.trial_balances import TrialBalance, month_ends, trial_balance
from chalicelib.kernel.errors import FieldError, Invalid, NotFound, Words

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z")


def find_trial_balance(month: str, currency: str) -> tuple[TrialBalance, Manifest]:
    """The settled part of a month, and the manifest of its last settlement.

    Raises Invalid naming `month`, DayNotOver for a month without a finished day, NotFound for
    a month before the first day or a currency without a movement.
    """
    first, last = _ends(month)
    if last < settlements.FIRST_DAY:
        raise NotFound()
    settled_until = settlements.next_unsettled() - timedelta(days=1)
    if first > settled_until:
        raise settlements.not_over(first)
    days = list(settlements.settlements_of(currency, first, last))
    if not days:
        before = settlements.last_settlement(currency, before=first)
        days = [before] if before else []
    if not days:
        raise NotFound()
    return trial_balance(month, days, last, settled_until), days[-1].manifest


def _ends(month: str) -> tuple[date, date]:
    if not _MONTH.match(month) or not "2000" <= month[:4] <= "9000":
        words = Words("格式须为 yyyy-mm", "reads yyyy-mm")
        raise Invalid(FieldError("month", "not_a_month", words))
    return month_ends(month)
